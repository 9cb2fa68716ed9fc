using System;

namespace UnityEngine
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/Application.html
    public class Application
    {
        public static event Action quitting;

        public static bool isPlaying
        {
            get { return true; }
        }

        internal static void StubQuit()
        {
            quitting?.Invoke();
        }
    }
}
