namespace Roomtone.Wire
{
    /// <summary>What is refused before, or while, a header is read: section 2.6 of the protocol.</summary>
    public sealed class FrameLimits
    {
        /// <summary>What a client may say.</summary>
        public static readonly FrameLimits FromClient = new FrameLimits(65536, 256, 256);

        /// <summary>What the daemon may say.</summary>
        public static readonly FrameLimits FromDaemon = new FrameLimits(1048576, Limits.MaxTextBytes, 4096);

        private FrameLimits(int frameBytes, int stringBytes, int items)
        {
            FrameBytes = frameBytes;
            StringBytes = stringBytes;
            Items = items;
        }

        /// <summary>The longest header.</summary>
        public int FrameBytes { get; }

        /// <summary>The longest string.</summary>
        public int StringBytes { get; }

        /// <summary>The longest array, and the map with most entries.</summary>
        public int Items { get; }
    }
}
