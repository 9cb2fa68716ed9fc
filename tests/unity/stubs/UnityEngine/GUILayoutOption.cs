namespace UnityEngine
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/GUILayoutOption.html
    public sealed class GUILayoutOption
    {
    }
}
