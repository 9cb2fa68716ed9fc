using System;
using Roomtone.Wire;

namespace Roomtone.Tests
{
    /// <summary>A scene whose layers are all the same slow sine, sent as far as its reader has asked. One thread.</summary>
    internal sealed class Scenery
    {
        private readonly Spoken _spoken = new Spoken();
        private readonly int _channels;
        private readonly int _layers;
        private readonly byte[] _pcm;
        private readonly float[] _block;
        private long _sentFrame;

        public Scenery(int channels, int layers = 1, int aheadFrames = 2880)
        {
            _channels = channels;
            _layers = layers;
            _block = new float[Limits.BlockFrames * channels];
            _pcm = new byte[layers * 4 * _block.Length];
            Playback = new Playback(0, aheadFrames, new Chance(7), () => 0.0);
            Clock = new SceneClock(Playback);
            Voices = new LayerVoice[layers];
            for (int layer = 0; layer < layers; layer++)
            {
                LayerStream stream = Playback.Add(_spoken.LayerOpened("layer" + layer, layer + 1, channels));
                Voices[layer] = new LayerVoice(Clock, stream);
                Voices[layer].Aim(Gains.Around(channels));
            }

            Playback.Want(0);
        }

        public Playback Playback { get; }

        public SceneClock Clock { get; }

        public LayerVoice[] Voices { get; }

        /// <summary>The sine at a frame.</summary>
        public static float At(long frame)
        {
            return (float)(0.5 * Math.Sin(2.0 * Math.PI * 110.0 * frame / 48000.0));
        }

        /// <summary>Sends all that the reader has asked for, but not the blocks in between.</summary>
        public void Send(long withheldFrom = long.MaxValue, long withheldUntil = long.MaxValue)
        {
            Playback.GrantMore();
            while (_sentFrame + Limits.BlockFrames <= Playback.UntilFrame)
            {
                if (_sentFrame < withheldFrom || _sentFrame >= withheldUntil)
                {
                    Fill();
                    Playback.Take(_spoken.Audio(_sentFrame, 4 * _block.Length, _layers), new ArraySegment<byte>(_pcm));
                }

                _sentFrame += Limits.BlockFrames;
            }
        }

        /// <summary>Pulls a buffer of ones through a voice.</summary>
        public static float[] Pull(LayerVoice voice, int frames, int channels, double dspTimeS)
        {
            float[] data = new float[frames * channels];
            for (int i = 0; i < data.Length; i++)
            {
                data[i] = 1f;
            }

            voice.Multiply(data, channels, dspTimeS);
            return data;
        }

        private void Fill()
        {
            for (int i = 0; i < _block.Length; i++)
            {
                _block[i] = At(_sentFrame + (i / _channels));
            }

            for (int layer = 0; layer < _layers; layer++)
            {
                Buffer.BlockCopy(_block, 0, _pcm, layer * 4 * _block.Length, 4 * _block.Length);
            }
        }
    }
}
