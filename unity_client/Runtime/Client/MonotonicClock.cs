using System.Diagnostics;

namespace Roomtone
{
    /// <summary>Seconds that only go forward, whatever happens to the time of day.</summary>
    internal static class MonotonicClock
    {
        public static double NowS()
        {
            return (double)Stopwatch.GetTimestamp() / Stopwatch.Frequency;
        }
    }
}
