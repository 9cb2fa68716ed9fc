using System.Collections.Concurrent;
using Roomtone.Wire;

namespace Roomtone
{
    /// <summary>What has happened and nobody has looked at yet; the oldest is dropped when there is too much. Any thread.</summary>
    internal sealed class EventQueue
    {
        private const int Most = 4096;

        private readonly ConcurrentQueue<IEvent> _events = new ConcurrentQueue<IEvent>();

        public void Add(IEvent happened)
        {
            _events.Enqueue(happened);
            while (_events.Count > Most)
            {
                _events.TryDequeue(out IEvent dropped);
            }
        }

        public bool Take(out IEvent happened)
        {
            return _events.TryDequeue(out happened);
        }
    }
}
