namespace Roomtone
{
    /// <summary>How well the client is being served, over all its open scenes.</summary>
    public readonly struct ClientStats
    {
        internal ClientStats(
            bool connected,
            long frames,
            long underruns,
            long concealedFrames,
            long lateBlocks,
            int reconnects,
            double[] updateLatencyS)
        {
            Connected = connected;
            Frames = frames;
            Underruns = underruns;
            ConcealedFrames = concealedFrames;
            LateBlocks = lateBlocks;
            Reconnects = reconnects;
            UpdateLatencyS = updateLatencyS;
        }

        /// <summary>Whether the daemon is there right now.</summary>
        public bool Connected { get; }

        /// <summary>Read so far.</summary>
        public long Frames { get; }

        /// <summary>Gaps that had to be concealed.</summary>
        public long Underruns { get; }

        /// <summary>How long those were in all.</summary>
        public long ConcealedFrames { get; }

        /// <summary>Blocks that came after their time.</summary>
        public long LateBlocks { get; }

        /// <summary>How often the daemon came back.</summary>
        public int Reconnects { get; }

        /// <summary>From asking for a change to the arrival of the first sample that has it, the last few thousand.</summary>
        public double[] UpdateLatencyS { get; }
    }
}
