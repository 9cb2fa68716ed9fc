using System;

namespace UnityEditor
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/EditorApplication.html
    public sealed class EditorApplication
    {
        public static event Action<PlayModeStateChange> playModeStateChanged;

        public static event Action quitting;

        public static bool isPlaying { get; set; }

        internal static void StubChange(PlayModeStateChange change)
        {
            playModeStateChanged?.Invoke(change);
        }

        internal static void StubQuit()
        {
            quitting?.Invoke();
        }
    }
}
