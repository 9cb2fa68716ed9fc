namespace Roomtone.Wire
{
    /// <summary>Where one stream's samples lie in the second frame of an <see cref="Audio"/>; size 0 is silence.</summary>
    public readonly struct StreamSlice
    {
        /// <summary>Names a stream and its place.</summary>
        public StreamSlice(int stream, int offsetBytes, int sizeBytes)
        {
            Stream = stream;
            OffsetBytes = offsetBytes;
            SizeBytes = sizeBytes;
        }

        /// <summary>The stream's handle.</summary>
        public int Stream { get; }

        /// <summary>Where it begins.</summary>
        public int OffsetBytes { get; }

        /// <summary>How long it is.</summary>
        public int SizeBytes { get; }
    }
}
