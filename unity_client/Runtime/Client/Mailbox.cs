using System;
using System.Collections.Concurrent;
using System.Threading;
using Roomtone.Wire;

namespace Roomtone
{
    /// <summary>What other threads want said: requests, and messages that have no answer. Many writers, one reader.</summary>
    internal sealed class Mailbox
    {
        private readonly ConcurrentQueue<object> _items = new ConcurrentQueue<object>();
        private readonly AutoResetEvent _woken = new AutoResetEvent(false);
        private volatile RoomtoneException _closed;

        public void Post(PendingRequest request)
        {
            Put(request);
        }

        public void Post(ClientMessage message)
        {
            Put(message);
        }

        /// <summary>Ends a wait.</summary>
        public void Wake()
        {
            _woken.Set();
        }

        /// <summary>Waits until something is posted, or so long. The reader.</summary>
        public void Wait(double waitS)
        {
            _woken.WaitOne(TimeSpan.FromSeconds(waitS));
        }

        /// <summary>Takes the oldest item: one of the two is null. The reader.</summary>
        public bool Take(out PendingRequest request, out ClientMessage message)
        {
            bool taken = _items.TryDequeue(out object item);
            request = item as PendingRequest;
            message = item as ClientMessage;
            return taken;
        }

        /// <summary>Takes nothing more: whoever asks, now or later, is told why.</summary>
        public void Close(RoomtoneException reason)
        {
            _closed = reason;
            TurnAway(reason);
        }

        private void Put(object item)
        {
            _items.Enqueue(item);
            RoomtoneException closed = _closed;
            if (closed != null)
            {
                TurnAway(closed);
            }

            _woken.Set();
        }

        private void TurnAway(RoomtoneException reason)
        {
            while (Take(out PendingRequest request, out ClientMessage message))
            {
                if (request != null)
                {
                    request.Fail(reason);
                }
            }
        }
    }
}
