namespace Roomtone.Wire
{
    /// <summary>The numbers of the protocol's section 2.5.</summary>
    public static class Limits
    {
        /// <summary>The version that this client speaks.</summary>
        public const int ProtocolVersion = 1;

        /// <summary>Frames per second.</summary>
        public const int SampleRateHz = 48000;

        /// <summary>Frames per block, 10 ms: everything happens at the start of one.</summary>
        public const int BlockFrames = 480;

        internal const int MaxId = int.MaxValue;
        internal const long MaxFrame = (1L << 53) - 1;
        internal const int MaxDepth = 8;
        internal const int MaxNameBytes = 64;
        internal const int MaxLabelBytes = 256;
        internal const int MaxTextBytes = 1024;
        internal const int MaxPerScene = 256;
        internal const int MaxStreams = 256;
        internal const int MaxScenes = 4096;
        internal const int MaxPcmBytes = 1048576;
        internal const double MaxMetres = 1e9;
        internal const double MaxSeconds = 86400.0;
    }
}
