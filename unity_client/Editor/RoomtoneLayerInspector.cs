using Roomtone.Components;
using Roomtone.Wire;
using UnityEditor;

namespace Roomtone.Inspectors
{
    /// <summary>Shows how loud a layer is and where it comes from.</summary>
    [CustomEditor(typeof(RoomtoneLayer))]
    internal sealed class RoomtoneLayerInspector : Editor
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
            if (!EditorApplication.isPlaying)
            {
                return;
            }

            RoomtoneLayer layer = (RoomtoneLayer)target;
            if (layer.Trouble.Length > 0)
            {
                EditorGUILayout.HelpBox(layer.Trouble, MessageType.Error);
            }

            Meter.Level("level", layer.LevelDb);
            if (layer.Source != LayerSource.None)
            {
                EditorGUILayout.LabelField("Comes from", layer.Source + " (" + layer.SourceReason + ")");
            }
        }
    }
}
