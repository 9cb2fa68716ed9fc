using UnityEngine;

namespace UnityEditor
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/EditorGUI.html
    public sealed class EditorGUI
    {
        public static void BeginChangeCheck()
        {
        }

        public static bool EndChangeCheck()
        {
            return false;
        }

        public static void ProgressBar(Rect position, float value, string text)
        {
        }
    }
}
