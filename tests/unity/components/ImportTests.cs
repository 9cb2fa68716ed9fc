using System;
using System.IO;
using NUnit.Framework;
using Roomtone.Inspectors;
using UnityEditor;
using UnityEngine;

namespace Roomtone.Components.Tests
{
    /// <summary>The files of a bake are imported as loops need it, without a hand, and nothing else is touched.</summary>
    [TestFixture]
    public sealed class ImportTests
    {
        private static string Baked
        {
            get { return Path.Combine(Environment.GetEnvironmentVariable("ROOMTONE_TEST_BAKED"), "baked"); }
        }

        [Test]
        public void AFileOfABakeLoopsAtItsVeryFrames()
        {
            string file = Path.Combine(Baked, "yard", "brook.wav");
            Assert.That(File.Exists(file), Is.True);
            AudioImporter done = Import(file, new AudioImporter { forceToMono = true, loadInBackground = true });
            Assert.That(done.defaultSampleSettings.compressionFormat, Is.EqualTo(AudioCompressionFormat.PCM));
            Assert.That(done.defaultSampleSettings.loadType, Is.EqualTo(AudioClipLoadType.DecompressOnLoad));
            AudioSampleRateSetting rate = done.defaultSampleSettings.sampleRateSetting;
            Assert.That(rate, Is.EqualTo(AudioSampleRateSetting.PreserveSampleRate));
            Assert.That(done.forceToMono, Is.False);
            Assert.That(done.loadInBackground, Is.False);
        }

        [Test]
        public void WhatADesignerSetStays()
        {
            AudioImporter importer = new AudioImporter { importSettingsMissing = false };
            AudioImporter done = Import(Path.Combine(Baked, "yard", "brook.wav"), importer);
            Assert.That(done.defaultSampleSettings.compressionFormat, Is.EqualTo(AudioCompressionFormat.Vorbis));
        }

        [TestCase("{\"generated\": true, \"by\": \"Roomtone 0.1.0\"}", true)]
        [TestCase("{\"generated\": true, \"by\": \"somebody else\"}", false)]
        [TestCase("{\"name\": \"a package\"}", false)]
        [TestCase("[]", false)]
        [TestCase("nonsense", false)]
        [TestCase(null, false)]
        public void OnlyWhatStandsBelowTheManifestOfABakeIsOne(string manifest, bool expected)
        {
            string folder = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
            Directory.CreateDirectory(Path.Combine(folder, "yard"));
            try
            {
                if (manifest != null)
                {
                    File.WriteAllText(Path.Combine(folder, "manifest.json"), manifest);
                }

                Assert.That(BakeImport.IsBaked(Path.Combine(folder, "yard", "brook.wav")), Is.EqualTo(expected));
            }
            finally
            {
                Directory.Delete(folder, true);
            }
        }

        [Test]
        public void ABakeThatIsStillAtWorkIsOneAlready()
        {
            string folder = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
            Directory.CreateDirectory(Path.Combine(folder, ".roomtone"));
            Assert.That(BakeImport.IsBaked(Path.Combine(folder, "yard", "brook.wav")), Is.True);
            Directory.Delete(folder, true);
            Assert.That(BakeImport.IsBaked("brook.wav"), Is.False);
        }

        private static AudioImporter Import(string file, AudioImporter importer)
        {
            return AssetPostprocessor.StubImport<BakeImport>(file, importer);
        }
    }
}
