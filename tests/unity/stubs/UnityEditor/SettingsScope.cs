namespace UnityEditor
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/SettingsScope.html
    public enum SettingsScope
    {
        User,
        Project,
    }
}
