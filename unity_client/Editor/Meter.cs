using UnityEditor;
using UnityEngine;

namespace Roomtone.Inspectors
{
    /// <summary>A bar that shows a level or a fill.</summary>
    internal static class Meter
    {
        private const float FloorDb = -60f;
        private const float HeightPixels = 18f;

        /// <summary>Shows a level in dB of full scale.</summary>
        public static void Level(string name, float levelDb)
        {
            string text = name + (levelDb <= FloorDb ? "  –" : "  " + levelDb.ToString("0") + " dB");
            Bar(Mathf.InverseLerp(FloorDb, 0f, levelDb), text);
        }

        /// <summary>Shows how full a scene's buffer is.</summary>
        public static void Buffer(Scene scene)
        {
            float share = scene.AheadFrames == 0 ? 1f : (float)scene.BufferedFrames / scene.AheadFrames;
            float bufferedMs = scene.BufferedFrames / 48f;
            Bar(Mathf.Clamp01(share), "buffer  " + bufferedMs.ToString("0") + " ms, underruns " + scene.Underruns);
        }

        private static void Bar(float share, string text)
        {
            EditorGUI.ProgressBar(EditorGUILayout.GetControlRect(false, HeightPixels), share, text);
        }
    }
}
