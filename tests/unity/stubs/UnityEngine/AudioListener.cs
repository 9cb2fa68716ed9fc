namespace UnityEngine
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/AudioListener.html
    public sealed class AudioListener : Behaviour
    {
        public static bool pause { get; set; }

        public static float volume { get; set; } = 1f;
    }
}
