namespace UnityEngine
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/Debug.html
    public class Debug
    {
        public static void Log(object message)
        {
            StubEngine.Log.Add("log: " + message);
        }

        public static void LogWarning(object message, Object context)
        {
            StubEngine.Log.Add("warning: " + message);
        }

        public static void LogError(object message, Object context)
        {
            StubEngine.Log.Add("error: " + message);
        }
    }
}
