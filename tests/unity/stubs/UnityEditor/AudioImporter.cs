namespace UnityEditor
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/AudioImporter.html
    public sealed class AudioImporter : AssetImporter
    {
        public bool forceToMono { get; set; }

        public bool ambisonic { get; set; }

        public bool loadInBackground { get; set; }

        // As a new project has them.
        public AudioImporterSampleSettings defaultSampleSettings { get; set; } = new AudioImporterSampleSettings
        {
            compressionFormat = UnityEngine.AudioCompressionFormat.Vorbis,
            quality = 1f,
        };
    }
}
