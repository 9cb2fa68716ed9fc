using Roomtone.Wire;

namespace Roomtone
{
    /// <summary>The daemon went away; what is missing is concealed, and the client keeps trying.</summary>
    public sealed class Disconnected : IEvent
    {
        internal Disconnected(string reason)
        {
            Reason = reason;
        }

        /// <summary>What happened to the connection, in the daemon's own words where it said goodbye.</summary>
        public string Reason { get; }
    }
}
