using System.Reflection;

namespace UnityEditor
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/AssetPostprocessor.html
    public class AssetPostprocessor
    {
        public string assetPath { get; set; }

        public AssetImporter assetImporter { get; private set; }

        // The editor imports an audio file.
        internal static AudioImporter StubImport<T>(string path, AudioImporter importer)
            where T : AssetPostprocessor, new()
        {
            T made = new T { assetPath = path, assetImporter = importer };
            const BindingFlags Own = BindingFlags.Instance | BindingFlags.NonPublic;
            typeof(T).GetMethod("OnPreprocessAudio", Own).Invoke(made, null);
            return importer;
        }
    }
}
