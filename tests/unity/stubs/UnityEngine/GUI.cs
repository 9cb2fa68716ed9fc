namespace UnityEngine
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/GUI.html
    public class GUI
    {
        public static bool enabled { get; set; } = true;

        public static void Label(Rect position, string text)
        {
        }
    }
}
