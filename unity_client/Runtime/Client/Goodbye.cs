using System;
using Roomtone.Wire;

namespace Roomtone
{
    /// <summary>The end of a conversation: what is queued leaves, and the daemon is heard out.</summary>
    internal static class Goodbye
    {
        // As long as a silent daemon is waited for elsewhere; one that runs answers at once.
        private const double MostS = 2.0;
        private const int WaitUs = 2000;

        /// <summary>Waits until the daemon has read all that was sent. The connection's thread.</summary>
        public static void Linger(Link link, Func<double> nowS)
        {
            double untilS = nowS() + MostS;
            try
            {
                while (!link.IsFlushed && nowS() < untilS)
                {
                    Turn(link);
                }

                // A socket that is closed with something unread takes back what it sent.
                link.Finish();
                while (nowS() < untilS)
                {
                    Turn(link);
                }
            }
            catch (WireException)
            {
                // The daemon has closed its side: it has heard all.
            }
        }

        private static void Turn(Link link)
        {
            link.Turn(WaitUs);
            while (link.Take(out ArraySegment<byte> header, out ArraySegment<byte> pcm))
            {
            }
        }
    }
}
