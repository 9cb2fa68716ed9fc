namespace UnityEngine
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/Gizmos.html
    public sealed class Gizmos
    {
        public static Color color { get; set; }

        public static void DrawWireSphere(Vector3 center, float radius)
        {
        }
    }
}
