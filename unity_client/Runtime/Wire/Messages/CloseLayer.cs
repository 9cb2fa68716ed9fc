namespace Roomtone.Wire
{
    /// <summary>Ends one stream.</summary>
    public sealed class CloseLayer : ClientRequest
    {
        /// <summary>Names the stream.</summary>
        public CloseLayer(int id, int stream)
            : base(id)
        {
            Stream = stream;
        }

        /// <summary>The stream's handle.</summary>
        public int Stream { get; }

        internal override void Write(MsgpackWriter to)
        {
            to.Message("close_layer", 2);
            to.Field("id", Id);
            to.Field("stream", Stream);
        }
    }
}
