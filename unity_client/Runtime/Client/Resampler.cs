using System;

namespace Roomtone
{
    /// <summary>One stream on its way from 48 kHz to the device's rate. Allocates once; one thread, an audio thread too.</summary>
    internal sealed class Resampler
    {
        /// <summary>The most frames that are made at once.</summary>
        public const int MostFrames = 256;

        private readonly int _channels;
        private readonly float[] _input;
        private readonly float[] _output;
        private int _phase;

        public Resampler(OutputRate rate, int channels)
        {
            Rate = rate;
            _channels = channels;
            int most = rate.Taps + (int)((long)MostFrames * rate.Step / rate.Parts) + 2;
            _input = new float[most * channels];
            _output = new float[MostFrames * channels];
        }

        public OutputRate Rate { get; }

        /// <summary>Interleaved, as many frames as were made last.</summary>
        public float[] Output
        {
            get { return _output; }
        }

        /// <summary>Where the input of the next call goes.</summary>
        public float[] Input
        {
            get { return _input; }
        }

        /// <summary>The place in <see cref="Input"/>, in samples.</summary>
        public int InputAt
        {
            get { return Rate.Taps * _channels; }
        }

        /// <summary>Begins anew, so many parts of a frame behind the next input.</summary>
        public void Reset(int phase)
        {
            Array.Clear(_input, 0, _input.Length);
            _phase = phase;
        }

        /// <summary>How many input frames so many output frames need.</summary>
        public int Needs(int frames)
        {
            return (int)((_phase + ((long)frames * Rate.Step)) / Rate.Parts);
        }

        /// <summary>Makes output frames of the input frames that they need.</summary>
        /// <remarks>
        /// By pointers: the range of an array's index would be looked at twice for every tap, which costs more than the
        /// arithmetic. Nothing outside the arrays is reached as long as at most <see cref="MostFrames"/> are asked for.
        /// </remarks>
        public unsafe void Make(int frames)
        {
            if (frames < 0 || frames > MostFrames)
            {
                throw new ArgumentOutOfRangeException("frames");
            }

            int needed = Needs(frames);
            int taps = Rate.Taps;
            int step = Rate.Step;
            int parts = Rate.Parts;
            int phases = Rate.Phases;
            int phase = _phase;
            fixed (float* input = _input, output = _output, coefficients = Rate.Coefficients)
            {
                float* from = input;
                for (int frame = 0; frame < frames; frame++)
                {
                    int set = phases == parts ? phase : (int)((long)phase * phases / parts);
                    if (_channels == 2)
                    {
                        Stereo(from, coefficients + (set * taps), taps, output + (2 * frame));
                    }
                    else
                    {
                        output[frame] = Mono(from, coefficients + (set * taps), taps);
                    }

                    phase += step;
                    while (phase >= parts)
                    {
                        phase -= parts;
                        from += _channels;
                    }
                }
            }

            _phase = phase;
            Array.Copy(_input, needed * _channels, _input, 0, taps * _channels);
        }

        // Four products are added before they join the sum: nothing waits for the sum of the tap before.
        private static unsafe float Mono(float* from, float* set, int taps)
        {
            float sum = 0f;
            for (float* end = set + taps; set < end; set += 4, from += 4)
            {
                sum += (from[0] * set[0]) + (from[1] * set[1]) + ((from[2] * set[2]) + (from[3] * set[3]));
            }

            return sum;
        }

        private static unsafe void Stereo(float* from, float* set, int taps, float* into)
        {
            float left = 0f;
            float right = 0f;
            for (float* end = set + taps; set < end; set += 4, from += 8)
            {
                left += (from[0] * set[0]) + (from[2] * set[1]) + ((from[4] * set[2]) + (from[6] * set[3]));
                right += (from[1] * set[0]) + (from[3] * set[1]) + ((from[5] * set[2]) + (from[7] * set[3]));
            }

            into[0] = left;
            into[1] = right;
        }
    }
}
