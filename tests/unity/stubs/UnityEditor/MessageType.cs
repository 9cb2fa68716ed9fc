namespace UnityEditor
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/MessageType.html
    public enum MessageType
    {
        None,
        Info,
        Warning,
        Error,
    }
}
