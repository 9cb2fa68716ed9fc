using Roomtone.Wire;

namespace Roomtone
{
    /// <summary>The daemon is back.</summary>
    public sealed class Reconnected : IEvent
    {
        internal Reconnected(bool resumed, double awayS)
        {
            Resumed = resumed;
            AwayS = awayS;
        }

        /// <summary>Whether the streams go on sample for sample; otherwise the scenes were opened anew.</summary>
        public bool Resumed { get; }

        /// <summary>How long it was gone.</summary>
        public double AwayS { get; }
    }
}
