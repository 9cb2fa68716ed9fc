using System.Collections.Generic;
using Roomtone.Wire;

namespace Roomtone
{
    /// <summary>Requests by their number, in the order in which they were made. One thread.</summary>
    internal sealed class Pending
    {
        private readonly SortedDictionary<int, PendingRequest> _requests = new SortedDictionary<int, PendingRequest>();

        public void Add(PendingRequest request)
        {
            _requests[request.Message.Id] = request;
        }

        /// <summary>Gives a message to the request that it answers; whether there is one.</summary>
        public bool Settle(DaemonMessage message)
        {
            if (!_requests.TryGetValue(message.Id, out PendingRequest request))
            {
                return false;
            }

            _requests.Remove(message.Id);
            request.Settle(message);
            return true;
        }

        /// <summary>Returns what must be sent again on a new connection.</summary>
        public List<ClientRequest> Again()
        {
            List<ClientRequest> messages = new List<ClientRequest>();
            foreach (PendingRequest request in _requests.Values)
            {
                if (!request.IsForgotten)
                {
                    messages.Add(request.Renumbered());
                }
            }

            return messages;
        }

        /// <summary>Waits for nothing more, and tells nobody.</summary>
        public void Forget()
        {
            _requests.Clear();
        }

        /// <summary>Tells everyone who waits that no answer will come.</summary>
        public void Fail(RoomtoneException reason)
        {
            PendingRequest[] requests = new PendingRequest[_requests.Count];
            _requests.Values.CopyTo(requests, 0);
            _requests.Clear();
            foreach (PendingRequest request in requests)
            {
                request.Fail(reason);
            }
        }
    }
}
