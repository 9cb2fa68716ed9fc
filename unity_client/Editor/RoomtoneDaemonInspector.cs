using Roomtone.Components;
using UnityEditor;

namespace Roomtone.Inspectors
{
    /// <summary>Shows how the connection is doing.</summary>
    [CustomEditor(typeof(RoomtoneDaemon))]
    internal sealed class RoomtoneDaemonInspector : Editor
    {
        /// <inheritdoc/>
        public override bool RequiresConstantRepaint()
        {
            return EditorApplication.isPlaying;
        }

        /// <inheritdoc/>
        public override void OnInspectorGUI()
        {
            DrawDefaultInspector();
            RoomtoneDaemon daemon = (RoomtoneDaemon)target;
            if (EditorApplication.isPlaying)
            {
                Status(daemon);
            }
        }

        /// <summary>Shows a daemon's status, here and in the window.</summary>
        internal static void Status(RoomtoneDaemon daemon)
        {
            if (daemon.Trouble.Length > 0)
            {
                EditorGUILayout.HelpBox(daemon.Trouble, MessageType.Error);
            }

            if (daemon.Client == null)
            {
                return;
            }

            ClientStats stats = daemon.Client.Stats();
            EditorGUILayout.LabelField("Daemon", stats.Connected ? daemon.Client.Server : "away");
            EditorGUILayout.LabelField("Underruns", stats.Underruns.ToString());
            EditorGUILayout.LabelField("Late blocks", stats.LateBlocks.ToString());
            EditorGUILayout.LabelField("Reconnects", stats.Reconnects.ToString());
            EditorGUILayout.LabelField("Scenes", string.Join(", ", daemon.Client.Scenes));
        }
    }
}
