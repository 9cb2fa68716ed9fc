namespace Roomtone.Wire
{
    /// <summary>Says that the daemon ends the session, and why.</summary>
    public sealed class Bye : DaemonMessage
    {
        /// <summary>Names the reason.</summary>
        public Bye(string reason)
        {
            Reason = reason;
        }

        /// <summary>One of the protocol's words.</summary>
        public string Reason { get; }

        internal static Bye Read(Fields fields)
        {
            return new Bye(fields.Text("reason", 0, Limits.MaxLabelBytes, ""));
        }
    }
}
