namespace Roomtone.Wire
{
    /// <summary>What a client says: one sealed class for each message of the protocol.</summary>
    public abstract class ClientMessage
    {
        /// <summary>The request's number; 0 for what has no answer.</summary>
        public virtual int Id
        {
            get { return 0; }
        }

        internal abstract void Write(MsgpackWriter to);
    }
}
