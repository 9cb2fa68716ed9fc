namespace Roomtone.Wire
{
    /// <summary>What the daemon says: one sealed class for each message of the protocol.</summary>
    public abstract class DaemonMessage
    {
        /// <summary>The number of the request that this answers; 0 where nobody asked.</summary>
        public virtual int Id
        {
            get { return 0; }
        }
    }
}
