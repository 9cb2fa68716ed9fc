using System.Collections.Generic;

namespace UnityEditor
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/SessionState.html
    public static class SessionState
    {
        private static readonly Dictionary<string, string> Strings = new Dictionary<string, string>();

        public static string GetString(string key, string defaultValue)
        {
            return Strings.TryGetValue(key, out string value) ? value : defaultValue;
        }

        public static void SetString(string key, string value)
        {
            Strings[key] = value;
        }

        public static void EraseString(string key)
        {
            Strings.Remove(key);
        }
    }
}
