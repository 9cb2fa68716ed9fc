using System;
using Roomtone.Wire;

namespace Roomtone
{
    /// <summary>The end of a conversation: what is queued leaves, and the daemon is heard out.</summary>
    internal static class Goodbye
    {
        private const double MostS = 0.2;
        private const int WaitUs = 2000;

        /// <summary>Waits, not long, until the daemon has read all that was sent. The connection's thread.</summary>
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
