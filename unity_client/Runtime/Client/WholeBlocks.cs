using System.Threading;
using Roomtone.Wire;

namespace Roomtone
{
    /// <summary>Which blocks of a scene have come whole, with all of their streams.</summary>
    /// <remarks>One writer, the connection's thread; any thread may ask, and never waits.</remarks>
    internal sealed class WholeBlocks
    {
        private readonly long[] _firstFrames;

        public WholeBlocks(int slots)
        {
            _firstFrames = new long[slots];
            for (int i = 0; i < slots; i++)
            {
                _firstFrames[i] = -1;
            }
        }

        public void Add(long blockFrame)
        {
            Volatile.Write(ref _firstFrames[SlotOf(blockFrame)], blockFrame);
        }

        public bool Has(long blockFrame)
        {
            return Volatile.Read(ref _firstFrames[SlotOf(blockFrame)]) == blockFrame;
        }

        private int SlotOf(long blockFrame)
        {
            return (int)((blockFrame / Limits.BlockFrames) % _firstFrames.Length);
        }
    }
}
