namespace Roomtone.Wire
{
    /// <summary>Answers <see cref="GetStats"/>.</summary>
    public sealed class Stats : DaemonAnswer
    {
        private Stats(Fields fields)
            : base(fields.Id("id", 1))
        {
            UptimeS = fields.Number("uptime_s", 0.0);
            Clients = fields.Frame("clients");
            StreamsTotal = fields.Frame("streams_total");
            RenderLoad = fields.Number("render_load", 0.0);
            LateBlocks = fields.Frame("late_blocks");
            ResidentBytes = fields.Frame("resident_bytes");
            Streams = StreamStats.ReadAll(fields);
        }

        /// <summary>Since the daemon was started.</summary>
        public double UptimeS { get; }

        /// <summary>Sessions, detached ones included.</summary>
        public long Clients { get; }

        /// <summary>Streams of all sessions.</summary>
        public long StreamsTotal { get; }

        /// <summary>Time spent rendering over the time of the sound rendered, since the last answer.</summary>
        public double RenderLoad { get; }

        /// <summary>Blocks of this session that left late.</summary>
        public long LateBlocks { get; }

        /// <summary>The daemon's memory; 0 if unknown.</summary>
        public long ResidentBytes { get; }

        /// <summary>The session's streams.</summary>
        public StreamStats[] Streams { get; }

        internal static Stats Read(Fields fields)
        {
            return new Stats(fields);
        }
    }
}
