namespace UnityEngine
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/Time.html
    public class Time
    {
        public static float deltaTime { get; internal set; }

        public static float time { get; internal set; }

        public static float unscaledTime { get; internal set; }
    }
}
