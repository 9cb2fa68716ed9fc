using System;

namespace UnityEngine
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/AudioClip.html
    public sealed class AudioClip : Object
    {
        private float[] _data;

        private AudioClip()
        {
        }

        public int channels { get; private set; }

        public int samples { get; private set; }

        public int frequency { get; private set; }

        public static AudioClip Create(string name, int lengthSamples, int channels, int frequency, bool stream)
        {
            return new AudioClip
            {
                name = name,
                samples = lengthSamples,
                channels = channels,
                frequency = frequency,
                _data = new float[lengthSamples * channels],
            };
        }

        public bool SetData(float[] data, int offsetSamples)
        {
            Array.Copy(data, 0, _data, offsetSamples * channels, data.Length);
            return true;
        }

        internal float StubSample(long frame, int channel)
        {
            return _data[((frame % samples) * channels) + Math.Min(channel, channels - 1)];
        }
    }
}
