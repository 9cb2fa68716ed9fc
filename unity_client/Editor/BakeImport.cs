using System;
using System.IO;
using UnityEditor;
using UnityEngine;

namespace Roomtone.Inspectors
{
    /// <summary>
    /// Imports the files of a bake as they are: PCM loops at its very frames, and keeps the levels that the bake gave. Only
    /// what is imported for the first time is touched: afterwards a designer's settings stay.
    /// </summary>
    internal sealed class BakeImport : AssetPostprocessor
    {
        // What a bake keeps beside its files: while it is still at work, there is no manifest yet.
        private const string KeptFolder = ".roomtone";
        private const string ManifestFile = "manifest.json";

        /// <summary>Whether a sound file is one of a bake: they stand one folder below its manifest.</summary>
        internal static bool IsBaked(string assetPath)
        {
            string folder = Path.GetDirectoryName(assetPath);
            string above = string.IsNullOrEmpty(folder) ? "" : Path.GetDirectoryName(folder);
            if (string.IsNullOrEmpty(above))
            {
                return false;
            }

            return Directory.Exists(Path.Combine(above, KeptFolder)) || IsManifest(Path.Combine(above, ManifestFile));
        }

        private static bool IsManifest(string path)
        {
            if (!File.Exists(path))
            {
                return false;
            }

            try
            {
                Manifest read = JsonUtility.FromJson<Manifest>(File.ReadAllText(path));
                string by = read == null || read.by == null ? "" : read.by;
                return by.StartsWith("Roomtone", StringComparison.Ordinal) && read.generated;
            }
            catch (ArgumentException)
            {
                return false;
            }
        }

        private void OnPreprocessAudio()
        {
            AudioImporter importer = (AudioImporter)assetImporter;
            if (!importer.importSettingsMissing || !IsBaked(assetPath))
            {
                return;
            }

            importer.forceToMono = false;
            importer.ambisonic = false;

            // All files of a scene begin in one frame: none may still be loading.
            importer.loadInBackground = false;
            AudioImporterSampleSettings settings = importer.defaultSampleSettings;
            settings.loadType = AudioClipLoadType.DecompressOnLoad;
            settings.compressionFormat = AudioCompressionFormat.PCM;
            settings.sampleRateSetting = AudioSampleRateSetting.PreserveSampleRate;
            importer.defaultSampleSettings = settings;
        }

        /// <summary>What of a manifest says that it is one.</summary>
        [Serializable]
        private sealed class Manifest
        {
#pragma warning disable SA1401, CS0649 // Unity's JSON reader fills fields.
            public bool generated;
            public string by;
#pragma warning restore SA1401, CS0649
        }
    }
}
