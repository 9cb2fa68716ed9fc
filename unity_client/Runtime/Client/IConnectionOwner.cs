using System;
using Roomtone.Wire;

namespace Roomtone
{
    /// <summary>What a connection tells; every call comes on the connection's thread.</summary>
    internal interface IConnectionOwner
    {
        /// <summary>Whether anything is open that plays: the connection then looks for credit more often.</summary>
        bool IsPlaying { get; }

        /// <summary>A hello was answered; <see cref="Connection.GoOn"/> must be called once everything is open again.</summary>
        void Welcomed(Welcome welcome);

        /// <summary>Something came that answers no request.</summary>
        void Received(DaemonMessage message, ArraySegment<byte> pcm);

        /// <summary>The connection is there: whatever credit is due may be granted.</summary>
        void Tick();

        /// <summary>The connection broke; another is being tried.</summary>
        void Lost(string reason);

        /// <summary>No other connection will be tried.</summary>
        void Ended();
    }
}
