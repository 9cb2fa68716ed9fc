namespace Roomtone.Wire
{
    /// <summary>The client's <c>bye</c>: ends the session. The daemon's is <see cref="Bye"/>.</summary>
    public sealed class ClientBye : ClientMessage
    {
        /// <summary>Says why, for the log.</summary>
        public ClientBye(string reason = "")
        {
            Reason = reason;
        }

        /// <summary>Free words.</summary>
        public string Reason { get; }

        internal override void Write(MsgpackWriter to)
        {
            to.Message("bye", 1);
            to.Field("reason", Reason);
        }
    }
}
