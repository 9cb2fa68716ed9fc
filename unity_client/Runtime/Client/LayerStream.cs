using System;
using System.Threading;
using Roomtone.Wire;

namespace Roomtone
{
    /// <summary>One layer as this client receives it.</summary>
    /// <remarks>
    /// The connection's thread writes what the daemon said; one reader, an audio thread too, calls <see cref="Read"/>,
    /// which waits for nothing and allocates nothing; any thread may ask where the layer is and comes from.
    /// </remarks>
    internal sealed class LayerStream
    {
        /// <summary>The end of a stream that has none yet.</summary>
        public const long Never = long.MaxValue;

        private readonly WholeBlocks _whole;
        private readonly Concealer _concealer;
        private long _endFrame = Never;
        private long _anewAtFrame = -1;
        private int _handle;

        public LayerStream(LayerOpened opened, int slots, WholeBlocks whole, Chance chance)
        {
            Layer = opened.Layer;
            Format = opened.Format;
            Channels = opened.Channels;
            FirstFrame = opened.FirstFrame;
            Blocks = new BlockRing(slots, Channels);
            _handle = opened.Stream;
            _whole = whole;
            _concealer = new Concealer(Channels, chance);
        }

        public string Layer { get; }

        public SampleFormat Format { get; }

        public int Channels { get; }

        /// <summary>Where it begins; before that it is silent.</summary>
        public long FirstFrame { get; }

        public BlockRing Blocks { get; }

        /// <summary>Where it sounds.</summary>
        public LayerEvents Placed { get; } = new LayerEvents();

        /// <summary>Where a prompt's layer comes from.</summary>
        public LayerEvents Sourced { get; } = new LayerEvents();

        /// <summary>Its number on the wire; another one after the daemon has started anew.</summary>
        public int Handle
        {
            get { return Volatile.Read(ref _handle); }
        }

        /// <summary>The frame after its last, once that is known.</summary>
        public long EndFrame
        {
            get { return Volatile.Read(ref _endFrame); }
            set { Volatile.Write(ref _endFrame, value); }
        }

        /// <summary>Goes on with the stream that the same layer has now: its samples do not continue those before.</summary>
        public void GoOn(LayerOpened opened)
        {
            Volatile.Write(ref _handle, opened.Stream);
            Volatile.Write(ref _anewAtFrame, opened.FirstFrame);
            Volatile.Write(ref _endFrame, Never);
        }

        /// <summary>Whether samples of a frame come from the daemon, sooner or later.</summary>
        public bool LivesAt(long frame)
        {
            return frame < EndFrame;
        }

        /// <summary>Whether there is anything to hear from a frame on: a stream that has ended fades a little longer.</summary>
        public bool HeardFrom(long frame)
        {
            long end = EndFrame;
            return end == Never || frame < end + Concealer.FarewellFrames;
        }

        /// <summary>Notes what happened.</summary>
        public void Note(LayerEvent happened)
        {
            (happened.Event == LayerEvent.PlacedEvent ? Placed : Sourced).Add(happened);
        }

        /// <summary>Puts the frames from anywhere on where they are wanted. The reader.</summary>
        public void Read(long first, int frames, float[] into, int at)
        {
            while (frames > 0)
            {
                int offset = (int)(first % Limits.BlockFrames);
                int here = Math.Min(frames, Limits.BlockFrames - offset);
                ReadPiece(first, offset, here, into, at);
                first += here;
                frames -= here;
                at += here * Channels;
            }
        }

        private void ReadPiece(long first, int offset, int frames, float[] into, int at)
        {
            if (!LivesAt(first))
            {
                _concealer.Farewell(into, at, frames);
                return;
            }

            if (first < FirstFrame)
            {
                Array.Clear(into, at, frames * Channels);
                return;
            }

            long blockFrame = first - offset;
            if (!Blocks.Read(blockFrame, offset, frames, into, at))
            {
                if (!_whole.Has(blockFrame))
                {
                    _concealer.Fill(into, at, frames);
                    return;
                }

                // A block without this stream is silence, as an empty slice is.
                Array.Clear(into, at, frames * Channels);
            }

            if (first == Volatile.Read(ref _anewAtFrame))
            {
                _concealer.Bridge();
            }

            _concealer.Real(into, at, frames);
        }
    }
}
