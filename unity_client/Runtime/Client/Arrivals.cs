using Roomtone.Wire;

namespace Roomtone
{
    /// <summary>When the last blocks came. The connection's thread.</summary>
    internal sealed class Arrivals
    {
        private const int TimedBlocks = 256;

        private readonly long[] _firstFrames = new long[TimedBlocks];
        private readonly double[] _atS = new double[TimedBlocks];
        private int _next;

        public Arrivals()
        {
            for (int i = 0; i < TimedBlocks; i++)
            {
                _firstFrames[i] = -1;
            }
        }

        public void Note(long firstFrame, double atS)
        {
            _firstFrames[_next] = firstFrame;
            _atS[_next] = atS;
            _next = (_next + 1) % TimedBlocks;
        }

        /// <summary>When the block that holds a frame came; NaN if it has not.</summary>
        public double OfS(long frame)
        {
            long firstFrame = frame - (frame % Limits.BlockFrames);
            for (int i = 0; i < TimedBlocks; i++)
            {
                if (_firstFrames[i] == firstFrame)
                {
                    return _atS[i];
                }
            }

            return double.NaN;
        }
    }
}
