using System.Collections.Generic;
using Roomtone.Wire;

namespace Roomtone
{
    /// <summary>What happened in one layer lately, by frame. Any thread but an audio thread.</summary>
    internal sealed class LayerEvents
    {
        private const int MostEvents = 64;

        private readonly List<LayerEvent> _events = new List<LayerEvent>();

        public void Add(LayerEvent happened)
        {
            lock (_events)
            {
                if (_events.Count == MostEvents)
                {
                    _events.RemoveAt(0);
                }

                _events.Add(happened);
            }
        }

        /// <summary>Returns the last that holds at a frame, or null.</summary>
        public LayerEvent LastAt(long frame)
        {
            lock (_events)
            {
                for (int i = _events.Count - 1; i >= 0; i--)
                {
                    if (_events[i].AtFrame <= frame)
                    {
                        return _events[i];
                    }
                }

                return null;
            }
        }
    }
}
