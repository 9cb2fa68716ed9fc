using System;

namespace Roomtone.Wire
{
    /// <summary>
    /// One block of a scene's open streams. It comes a hundred times a second, so a codec has one of these and fills it
    /// again: what it says holds until the next message is read.
    /// </summary>
    public sealed class Audio : DaemonMessage
    {
        private StreamSlice[] _streams = new StreamSlice[16];

        /// <summary>The scene's handle.</summary>
        public int Scene { get; private set; }

        /// <summary>A multiple of 480.</summary>
        public long FirstFrame { get; private set; }

        /// <summary>How long the block is.</summary>
        public int Frames { get; private set; }

        /// <summary>How many streams are in this message.</summary>
        public int StreamCount { get; private set; }

        /// <summary>Whether another message will have other streams of this block.</summary>
        public bool More { get; private set; }

        /// <summary>The streams of this message.</summary>
        public ArraySegment<StreamSlice> Streams
        {
            get { return new ArraySegment<StreamSlice>(_streams, 0, StreamCount); }
        }

        /// <summary>One stream of this message.</summary>
        public StreamSlice Slice(int index)
        {
            return _streams[index];
        }

        internal void Read(Fields fields)
        {
            Scene = fields.Id("scene", 1);
            FirstFrame = fields.Frame("first_frame");
            Frames = (int)fields.Whole("frames", 1, 48000);
            StreamCount = fields.Items("streams", 0, Limits.MaxStreams, out MsgpackReader items);
            if (StreamCount > _streams.Length)
            {
                _streams = new StreamSlice[Limits.MaxStreams];
            }

            for (int i = 0; i < StreamCount; i++)
            {
                _streams[i] = ReadSlice(fields, ref items, i);
            }

            More = fields.Flag("more", false);
        }

        private static StreamSlice ReadSlice(Fields fields, ref MsgpackReader items, int index)
        {
            fields.Count(ref items, "streams", index, 3, 3);
            int stream = Number(fields, ref items, index, 0, 1, Limits.MaxId);
            int offsetBytes = Number(fields, ref items, index, 1, 0, Limits.MaxPcmBytes);
            return new StreamSlice(stream, offsetBytes, Number(fields, ref items, index, 2, 0, Limits.MaxPcmBytes));
        }

        private static int Number(Fields fields, ref MsgpackReader items, int index, int place, int low, int high)
        {
            MsgpackReader here = items;
            long value = items.Kind == MsgpackKind.Integer ? items.ReadInteger() : long.MinValue;
            if (value < low || value > high)
            {
                // Only now is it worth a string to say where.
                return (int)fields.WholeItem(ref here, "streams[" + index + "]", place, low, high);
            }

            return (int)value;
        }
    }
}
