using System;
using System.Threading;
using Roomtone.Wire;

namespace Roomtone
{
    /// <summary>
    /// The blocks of one stream that have arrived, each in the slot of its place on the scene's clock.
    /// </summary>
    /// <remarks>
    /// One writer (the connection's thread), one reader (an audio thread, or who reads the scene); no lock, and nothing
    /// is allocated after it is made. Full: the writer overwrites the oldest block, which a reader that keeps up has
    /// long played; one that does not sees by the slot's stamp that its block is gone. Empty: the reader is told that
    /// the block is missing.
    /// </remarks>
    internal sealed class BlockRing
    {
        private const long Nothing = -1;
        private const float S16Scale = 1f / 32767f;

        private readonly int _channels;
        private readonly int _slots;
        private readonly float[] _samples;

        // The block's first frame, with the lowest bit set for silence: blocks begin at even frames.
        private readonly long[] _stamps;

        public BlockRing(int slots, int channels)
        {
            _slots = slots;
            _channels = channels;
            _samples = new float[slots * Limits.BlockFrames * channels];
            _stamps = new long[slots];
            for (int slot = 0; slot < slots; slot++)
            {
                _stamps[slot] = Nothing;
            }
        }

        /// <summary>Keeps a block of samples. The writer.</summary>
        public void Write(long blockFrame, SampleFormat format, byte[] pcm, int at)
        {
            int slot = SlotOf(blockFrame);
            int start = slot * Limits.BlockFrames * _channels;
            int count = Limits.BlockFrames * _channels;
            Volatile.Write(ref _stamps[slot], Nothing);
            Thread.MemoryBarrier();
            if (format == SampleFormat.F32)
            {
                Buffer.BlockCopy(pcm, at, _samples, start * sizeof(float), count * sizeof(float));
            }
            else
            {
                Widen(pcm, at, start, count);
            }

            Volatile.Write(ref _stamps[slot], blockFrame);
        }

        /// <summary>Keeps a block of silence. The writer.</summary>
        public void WriteSilence(long blockFrame)
        {
            Volatile.Write(ref _stamps[SlotOf(blockFrame)], blockFrame | 1);
        }

        /// <summary>Copies frames of one block; false if the block is not here. The reader.</summary>
        public bool Read(long blockFrame, int offsetFrames, int frames, float[] into, int at)
        {
            int slot = SlotOf(blockFrame);
            long stamp = Volatile.Read(ref _stamps[slot]);
            if (stamp == (blockFrame | 1))
            {
                Array.Clear(into, at, frames * _channels);
                return true;
            }

            if (stamp != blockFrame)
            {
                return false;
            }

            int start = ((slot * Limits.BlockFrames) + offsetFrames) * _channels;
            Array.Copy(_samples, start, into, at, frames * _channels);
            Thread.MemoryBarrier();
            return Volatile.Read(ref _stamps[slot]) == stamp;
        }

        private int SlotOf(long blockFrame)
        {
            return (int)((blockFrame / Limits.BlockFrames) % _slots);
        }

        private void Widen(byte[] pcm, int at, int start, int count)
        {
            for (int i = 0; i < count; i++)
            {
                short sample = (short)(pcm[at + (2 * i)] | (pcm[at + (2 * i) + 1] << 8));
                _samples[start + i] = sample * S16Scale;
            }
        }
    }
}
