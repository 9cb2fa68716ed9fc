using System.Threading;

namespace Roomtone
{
    /// <summary>What reached the ear and what did not. The reader and the connection's thread write, any thread reads.</summary>
    internal sealed class Counters
    {
        private long _frames;
        private long _underruns;
        private long _concealedFrames;
        private long _lateBlocks;

        public long Frames
        {
            get { return Volatile.Read(ref _frames); }
        }

        /// <summary>Gaps, however long they were.</summary>
        public long Underruns
        {
            get { return Volatile.Read(ref _underruns); }
        }

        public long ConcealedFrames
        {
            get { return Volatile.Read(ref _concealedFrames); }
        }

        public long LateBlocks
        {
            get { return Volatile.Read(ref _lateBlocks); }
        }

        public void Read(int frames)
        {
            Volatile.Write(ref _frames, _frames + frames);
        }

        public void Underran()
        {
            Volatile.Write(ref _underruns, _underruns + 1);
        }

        public void Concealed(int frames)
        {
            Volatile.Write(ref _concealedFrames, _concealedFrames + frames);
        }

        public void Late()
        {
            Volatile.Write(ref _lateBlocks, _lateBlocks + 1);
        }
    }
}
