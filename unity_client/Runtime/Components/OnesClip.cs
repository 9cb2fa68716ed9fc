using UnityEngine;

namespace Roomtone.Components
{
    /// <summary>
    /// A clip that is 1 throughout. A source that loops it hands its callback nothing but its own gains and panning, which
    /// the callback multiplies by the layer's samples.
    /// </summary>
    internal static class OnesClip
    {
        private const int Frames = 4800;

        public static AudioClip Make(int channels)
        {
            AudioClip clip = AudioClip.Create("Roomtone", Frames, channels, AudioSettings.outputSampleRate, false);
            clip.hideFlags = HideFlags.HideAndDontSave;
            float[] ones = new float[Frames * channels];
            for (int i = 0; i < ones.Length; i++)
            {
                ones[i] = 1f;
            }

            clip.SetData(ones, 0);
            return clip;
        }
    }
}
