using System;
using Roomtone.Wire;

namespace Roomtone
{
    /// <summary>One request that waits for its answer.</summary>
    internal sealed class PendingRequest
    {
        private readonly Func<ClientRequest, ClientRequest> _renumber;
        private readonly Action<DaemonMessage, RoomtoneException> _then;
        private volatile bool _forgotten;

        /// <summary>Makes a request.</summary>
        /// <param name="message">What is asked.</param>
        /// <param name="renumber">Puts today's handles into the message, should it have to be sent again.</param>
        /// <param name="then">Gets the daemon's answer, or why there is none, on the connection's thread.</param>
        public PendingRequest(
            ClientRequest message,
            Func<ClientRequest, ClientRequest> renumber,
            Action<DaemonMessage, RoomtoneException> then)
        {
            Message = message;
            _renumber = renumber;
            _then = then;
        }

        public ClientRequest Message { get; }

        /// <summary>Whether nobody waits any more.</summary>
        public bool IsForgotten
        {
            get { return _forgotten; }
        }

        /// <summary>Returns the message with the handles of today.</summary>
        public ClientRequest Renumbered()
        {
            return _renumber(Message);
        }

        /// <summary>Waits no more. Any thread.</summary>
        public void Forget()
        {
            _forgotten = true;
        }

        public void Settle(DaemonMessage answer)
        {
            if (_forgotten)
            {
                return;
            }

            Error error = answer as Error;
            _then(error == null ? answer : null, error == null ? null : error.ToException());
        }

        public void Fail(RoomtoneException reason)
        {
            if (!_forgotten)
            {
                _then(null, reason);
            }
        }
    }
}
