namespace UnityEditor
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/AssetImporter.html
    public class AssetImporter : UnityEngine.Object
    {
        public bool importSettingsMissing { get; internal set; } = true;
    }
}
