namespace UnityEditor
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/SettingsService.html
    public sealed class SettingsService
    {
        public static EditorWindow OpenProjectSettings(string settingsPath)
        {
            return null;
        }
    }
}
