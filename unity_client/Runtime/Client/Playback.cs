using System;
using System.Collections.Generic;
using System.Threading;
using Roomtone.Wire;

namespace Roomtone
{
    /// <summary>The jitter buffer of one scene: blocks that have arrived, where the ear is, how far the daemon may go.</summary>
    /// <remarks>
    /// Two threads: the connection's calls the first group of methods, one reader the second. The reader waits for no
    /// lock, and only <see cref="Read"/> and <see cref="Wait"/> are not for an audio thread.
    /// </remarks>
    internal sealed class Playback
    {
        /// <summary>The most that can be read at once.</summary>
        public const int MostReadFrames = 24000;

        // The daemon keeps one granted block in hand, so that an update is heard in it: credit asks for one more.
        private const int InHandFrames = Limits.BlockFrames;

        private readonly int _slots;
        private readonly Chance _chance;
        private readonly Func<double> _nowS;
        private readonly WholeBlocks _whole;
        private readonly Arrivals _arrivals = new Arrivals();
        private readonly ManualResetEventSlim _arrived = new ManualResetEventSlim(false);
        private volatile int _wantedFrames = -1;
        private long _positionFrame;
        private long _receivedFrame;
        private long _untilFrame;
        private long _acknowledgedFrame = -1;
        private bool _concealing;

        public Playback(long firstFrame, int aheadFrames, Chance chance, Func<double> nowS)
        {
            _positionFrame = firstFrame;
            _receivedFrame = firstFrame;
            _untilFrame = firstFrame;
            AheadFrames = aheadFrames;
            _chance = chance;
            _nowS = nowS;

            // What is kept, what is being read, and the blocks at both ends that are not whole.
            _slots = ((aheadFrames + MostReadFrames) / Limits.BlockFrames) + 4;
            _whole = new WholeBlocks(_slots);
        }

        /// <summary>How much is kept buffered.</summary>
        public int AheadFrames { get; }

        /// <summary>What reached the ear and what did not.</summary>
        public Counters Counters { get; } = new Counters();

        /// <summary>The scene's streams.</summary>
        public StreamTable Streams { get; } = new StreamTable();

        /// <summary>The next frame that will be heard.</summary>
        public long PositionFrame
        {
            get { return Volatile.Read(ref _positionFrame); }
        }

        /// <summary>Every block before this frame is here, or was.</summary>
        public long ReceivedFrame
        {
            get { return Volatile.Read(ref _receivedFrame); }
        }

        /// <summary>The daemon may send every frame before this one.</summary>
        public long UntilFrame
        {
            get { return Volatile.Read(ref _untilFrame); }
        }

        // The connection's thread ----------------------------------------------------------------------

        /// <summary>Begins a stream, or goes on with the one that the same layer had before.</summary>
        public LayerStream Add(LayerOpened opened)
        {
            LayerStream stream = Streams.Find(opened.Layer);
            if (stream == null || stream.Channels != opened.Channels || stream.Format != opened.Format)
            {
                stream = new LayerStream(opened, _slots, _whole, _chance);
            }
            else
            {
                stream.GoOn(opened);
            }

            Streams.Put(stream, PositionFrame);
            return stream;
        }

        /// <summary>Notes that nothing follows a frame; returns the stream, or null if it is none.</summary>
        public LayerStream End(int handle, long endFrame)
        {
            LayerStream stream = Streams.Remove(handle);
            if (stream != null)
            {
                stream.EndFrame = Math.Max(endFrame, PositionFrame);
            }

            _arrived.Set();
            return stream;
        }

        /// <summary>Keeps one block; what comes after its time is counted and dropped.</summary>
        /// <exception cref="WireException">
        /// <c>wire.bad-audio</c>: it is off the grid, not granted, or not what its header says.
        /// </exception>
        public void Take(Audio audio, ArraySegment<byte> pcm)
        {
            long first = audio.FirstFrame;
            long end = first + audio.Frames;
            if (audio.Frames != Limits.BlockFrames || first % Limits.BlockFrames != 0 || end > _untilFrame)
            {
                throw BadAudio("a block of " + audio.Frames + " frames at " + first + " was not asked for");
            }

            if (end <= PositionFrame)
            {
                Counters.Late();
            }
            else
            {
                Keep(audio, pcm);
            }

            if (!audio.More)
            {
                _whole.Add(first);
                Volatile.Write(ref _receivedFrame, Math.Max(_receivedFrame, end));
            }

            _arrivals.Note(first, _nowS());
            _arrived.Set();
        }

        /// <summary>Lets the old daemon's handles go; returns the streams to open again, at <see cref="ReceivedFrame"/>.</summary>
        public LayerStream[] Restart()
        {
            Volatile.Write(ref _receivedFrame, Math.Max(_receivedFrame, GridUp(PositionFrame)));
            return Streams.Restart();
        }

        /// <summary>When the block that holds a frame came; NaN if it has not.</summary>
        public double ArrivedAtS(long frame)
        {
            return _arrivals.OfS(frame);
        }

        /// <summary>Whether a reader waits for so much that the daemon must hear how far it came.</summary>
        public bool AcknowledgementDue(long everyFrames)
        {
            bool waiting = _receivedFrame < _untilFrame - InHandFrames;
            return waiting && _receivedFrame - _acknowledgedFrame >= everyFrames;
        }

        /// <summary>Lets the daemon go on to what the reader needs; whether that is more than it was told.</summary>
        public bool GrantMore()
        {
            int wanted = _wantedFrames;
            long until = GridUp(PositionFrame + Math.Max(wanted, AheadFrames)) + InHandFrames;
            if (wanted < 0 || until <= _untilFrame)
            {
                return false;
            }

            Volatile.Write(ref _untilFrame, until);
            return true;
        }

        /// <summary>Notes that the daemon is being told how far this came.</summary>
        public void Acknowledge()
        {
            _acknowledgedFrame = _receivedFrame;
        }

        // The reader's thread --------------------------------------------------------------------------

        /// <summary>Asks for what a read of so many frames needs; 0 for what is kept buffered.</summary>
        public void Want(int frames)
        {
            _wantedFrames = frames;
        }

        /// <summary>Whether the next frames are here, or none will come.</summary>
        public bool IsReady(int frames)
        {
            long position = PositionFrame;
            return ReceivedFrame >= position + frames || !Streams.IsAnyAlive(position);
        }

        /// <summary>Waits until the next frames are here; false when they are not in time.</summary>
        public bool Wait(int frames, double waitS)
        {
            double deadlineS = _nowS() + waitS;
            while (!IsReady(frames))
            {
                _arrived.Reset();
                double leftS = deadlineS - _nowS();
                if (!IsReady(frames) && (leftS <= 0.0 || !_arrived.Wait(TimeSpan.FromSeconds(leftS))))
                {
                    return IsReady(frames);
                }
            }

            return true;
        }

        /// <summary>Moves on: each layer's samples, or what conceals that they are missing.</summary>
        /// <remarks>While no layer is open there is nothing to hear, and the position stays where it is.</remarks>
        public Dictionary<string, float[]> Read(int frames)
        {
            Dictionary<string, float[]> heard = new Dictionary<string, float[]>();
            long first = PositionFrame;
            foreach (LayerStream stream in Streams.Open)
            {
                if (stream.HeardFrom(first))
                {
                    float[] samples = new float[frames * stream.Channels];
                    stream.Read(first, frames, samples, 0);
                    heard[stream.Layer] = samples;
                }
            }

            if (heard.Count > 0)
            {
                Pass(frames);
            }

            return heard;
        }

        /// <summary>Moves the position on, and counts what was missing on the way.</summary>
        public void Pass(int frames)
        {
            long first = PositionFrame;
            long end = first + frames;
            while (first < end)
            {
                long blockFrame = first - (first % Limits.BlockFrames);
                int here = (int)(Math.Min(end, blockFrame + Limits.BlockFrames) - first);
                Count(!_whole.Has(blockFrame) && Streams.IsAnyDue(first), here);
                first += here;
            }

            Volatile.Write(ref _positionFrame, end);
        }

        private void Count(bool missing, int frames)
        {
            if (missing && !_concealing)
            {
                Counters.Underran();
            }

            if (missing)
            {
                Counters.Concealed(frames);
            }

            Counters.Read(frames);
            _concealing = missing;
        }

        private void Keep(Audio audio, ArraySegment<byte> pcm)
        {
            for (int i = 0; i < audio.StreamCount; i++)
            {
                StreamSlice slice = audio.Slice(i);
                LayerStream stream = Streams.Of(slice.Stream);
                if (stream == null)
                {
                    continue;
                }

                if (slice.SizeBytes == 0)
                {
                    stream.Blocks.WriteSilence(audio.FirstFrame);
                    continue;
                }

                int sizeBytes = Limits.BlockFrames * stream.Channels * (stream.Format == SampleFormat.F32 ? 4 : 2);
                if (slice.SizeBytes != sizeBytes || slice.OffsetBytes > pcm.Count - sizeBytes)
                {
                    throw BadAudio(
                        "stream " + slice.Stream + " has " + slice.SizeBytes + " bytes at " + slice.OffsetBytes);
                }

                stream.Blocks.Write(audio.FirstFrame, stream.Format, pcm.Array, pcm.Offset + slice.OffsetBytes);
            }
        }

        private static long GridUp(long frame)
        {
            return (frame + Limits.BlockFrames - 1) / Limits.BlockFrames * Limits.BlockFrames;
        }

        private static WireException BadAudio(string what)
        {
            return new WireException("wire.bad-audio", what, fix: "update the older of daemon and client");
        }
    }
}
