using System;

namespace Roomtone
{
    /// <summary>The last samples of a signal, oldest first. Allocates once; one thread.</summary>
    internal sealed class Recent
    {
        private readonly int _channels;
        private readonly float[] _ring;
        private int _at;

        public Recent(int frames, int channels)
        {
            _channels = channels;
            _ring = new float[frames * channels];
        }

        /// <summary>How many frames are here: at most as many as were asked for.</summary>
        public int Frames { get; private set; }

        /// <summary>Keeps samples, and forgets the oldest in their place.</summary>
        public void Add(float[] samples, int at, int frames)
        {
            int count = frames * _channels;
            if (count > _ring.Length)
            {
                at += count - _ring.Length;
                count = _ring.Length;
            }

            int first = Math.Min(count, _ring.Length - _at);
            Array.Copy(samples, at, _ring, _at, first);
            Array.Copy(samples, at + first, _ring, 0, count - first);
            _at = (_at + count) % _ring.Length;
            Frames = Math.Min(Frames + frames, _ring.Length / _channels);
        }

        /// <summary>Copies all of it, oldest first; returns how many frames that is.</summary>
        public int CopyTo(float[] into)
        {
            int count = Frames * _channels;
            int start = (_at - count + _ring.Length) % _ring.Length;
            int first = Math.Min(count, _ring.Length - start);
            Array.Copy(_ring, start, into, 0, first);
            Array.Copy(_ring, 0, into, first, count - first);
            return Frames;
        }

        /// <summary>Copies the last frames, newest first; what is not here is silent.</summary>
        public void Mirror(float[] into, int frames)
        {
            int held = Math.Min(frames, Frames);
            int from = _at;
            for (int frame = 0; frame < held; frame++)
            {
                from = from == 0 ? _ring.Length - _channels : from - _channels;
                for (int channel = 0; channel < _channels; channel++)
                {
                    into[(frame * _channels) + channel] = _ring[from + channel];
                }
            }

            Array.Clear(into, held * _channels, (frames - held) * _channels);
        }
    }
}
