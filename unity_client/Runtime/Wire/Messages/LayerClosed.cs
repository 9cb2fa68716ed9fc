namespace Roomtone.Wire
{
    /// <summary>Answers <see cref="CloseLayer"/>, or says that a reload removed the layer.</summary>
    public sealed class LayerClosed : DaemonAnswer
    {
        private LayerClosed(int id, int stream, long endFrame)
            : base(id)
        {
            Stream = stream;
            EndFrame = endFrame;
        }

        /// <summary>The stream's handle.</summary>
        public int Stream { get; }

        /// <summary>No block at or after this frame has the stream.</summary>
        public long EndFrame { get; }

        internal static LayerClosed Read(Fields fields)
        {
            return new LayerClosed(fields.Id("id", 0), fields.Id("stream", 1), fields.Frame("end_frame"));
        }
    }
}
