using System;

namespace Roomtone
{
    /// <summary>When to try again: soon after a connection was lost, then ever later until a daemon says welcome.</summary>
    internal sealed class Retry
    {
        private const double FirstS = 0.01;
        private const double MostS = 0.25;

        private double _afterS = FirstS;

        /// <summary>When the next attempt is due.</summary>
        public double AtS { get; private set; }

        public void Lost(double nowS)
        {
            AtS = nowS + _afterS;
            _afterS = Math.Min(2.0 * _afterS, MostS);
        }

        public void Welcomed()
        {
            _afterS = FirstS;
        }
    }
}
