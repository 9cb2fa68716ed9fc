namespace UnityEditor
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/Selection.html
    public sealed class Selection
    {
        public static UnityEngine.Object activeObject { get; set; }
    }
}
