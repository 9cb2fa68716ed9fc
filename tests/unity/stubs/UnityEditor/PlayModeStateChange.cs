namespace UnityEditor
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/PlayModeStateChange.html
    public enum PlayModeStateChange
    {
        EnteredEditMode,
        ExitingEditMode,
        EnteredPlayMode,
        ExitingPlayMode,
    }
}
