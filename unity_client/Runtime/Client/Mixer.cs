using System.Collections.Generic;

namespace Roomtone
{
    /// <summary>
    /// Sums streams to stereo; within a block every gain walks from where it was to where it should be. For tools and
    /// engines without sources of their own; in Unity every layer is a source.
    /// </summary>
    /// <remarks>
    /// One thread. A stream's first block fades in from silence; to end one without a click, give it silent gains for its
    /// last block. A stream that is not added to a block is forgotten.
    /// </remarks>
    public sealed class Mixer
    {
        private Dictionary<string, Gains> _last = new Dictionary<string, Gains>();
        private Dictionary<string, Gains> _now = new Dictionary<string, Gains>();
        private float[] _mix = new float[0];

        /// <summary>Begins a block of so many frames.</summary>
        public void Begin(int frames)
        {
            _mix = new float[2 * frames];
        }

        /// <summary>Adds a stream to the block.</summary>
        /// <param name="name">Stays from block to block.</param>
        /// <param name="samples">Interleaved, as long as the block.</param>
        /// <param name="channels">1 or 2.</param>
        /// <param name="gains">Where the gains should be at the end of the block.</param>
        public void Add(string name, float[] samples, int channels, Gains gains)
        {
            _last.TryGetValue(name, out Gains last);
            _now[name] = gains;
            int frames = _mix.Length / 2;
            for (int frame = 0; frame < frames; frame++)
            {
                float way = (float)(frame + 1) / frames;
                float first = samples[frame * channels];
                float second = channels == 2 ? samples[(2 * frame) + 1] : 0f;
                _mix[2 * frame] += (first * Along(last.FirstToLeft, gains.FirstToLeft, way))
                    + (second * Along(last.SecondToLeft, gains.SecondToLeft, way));
                _mix[(2 * frame) + 1] += (first * Along(last.FirstToRight, gains.FirstToRight, way))
                    + (second * Along(last.SecondToRight, gains.SecondToRight, way));
            }
        }

        /// <summary>Ends the block; returns its samples, interleaved stereo, not limited.</summary>
        public float[] End()
        {
            Dictionary<string, Gains> before = _last;
            _last = _now;
            _now = before;
            _now.Clear();
            return _mix;
        }

        private static float Along(float first, float last, float way)
        {
            return first + ((last - first) * way);
        }
    }
}
