using Roomtone.Wire;

namespace Roomtone
{
    /// <summary>What ends a client for good, in words.</summary>
    internal static class Refusals
    {
        /// <summary>Whether a refused hello will be refused again.</summary>
        public static bool IsFinal(string code, bool hadSession)
        {
            return code == "session.bad-token"
                || code == "session.no-common-version"
                || (!hadSession && code != "session.draining");
        }

        /// <summary>What a goodbye means that no reconnecting mends; null for the others.</summary>
        public static RoomtoneException Farewell(string reason, string endpoint)
        {
            if (reason == "resumed-elsewhere")
            {
                return new ConnectionLostException(
                    "connection.resumed-elsewhere",
                    "another connection goes on with this session",
                    endpoint,
                    "open a client of its own");
            }

            return reason != "bad-messages" ? null : new ConnectionLostException(
                "connection.bad-messages",
                "the daemon could not read this client",
                endpoint,
                "update the older of daemon and client");
        }

        /// <summary>Why a daemon cannot be played; null if it can.</summary>
        public static RoomtoneException OtherClock(Welcome welcome)
        {
            bool fits = welcome.BlockFrames == Limits.BlockFrames && welcome.RateHz == Limits.SampleRateHz;
            return fits ? null : new WireException(
                "session.other-clock",
                "the daemon sends blocks of " + welcome.BlockFrames + " frames at " + welcome.RateHz + " Hz",
                fix: "update the older of daemon and client");
        }

        /// <summary>The client was closed.</summary>
        public static RoomtoneException Closed()
        {
            return new ConnectionLostException("connection.closed", "the client was closed", fix: "connect again");
        }
    }
}
