namespace UnityEngine
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/Vector2.html
    public struct Vector2
    {
        public float x;
        public float y;
    }
}
