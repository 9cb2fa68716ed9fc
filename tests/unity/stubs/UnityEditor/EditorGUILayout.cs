using UnityEngine;

namespace UnityEditor
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/EditorGUILayout.html
    public sealed class EditorGUILayout
    {
        public static Rect BeginHorizontal(params GUILayoutOption[] options)
        {
            return default;
        }

        public static void EndHorizontal()
        {
        }

        public static Vector2 BeginScrollView(Vector2 scrollPosition, params GUILayoutOption[] options)
        {
            return scrollPosition;
        }

        public static void EndScrollView()
        {
        }

        public static Rect GetControlRect(bool hasLabel, float height, params GUILayoutOption[] options)
        {
            return default;
        }

        public static void HelpBox(string message, MessageType type)
        {
        }

        public static void LabelField(string label, string label2, params GUILayoutOption[] options)
        {
        }

        public static string PasswordField(string label, string password, params GUILayoutOption[] options)
        {
            return password;
        }

        public static float Slider(
            string label, float value, float leftValue, float rightValue, params GUILayoutOption[] options)
        {
            return value;
        }

        public static void Space()
        {
        }

        public static string TextField(string label, string text, params GUILayoutOption[] options)
        {
            return text;
        }
    }
}
