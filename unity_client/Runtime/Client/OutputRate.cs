using System;
using Roomtone.Wire;

namespace Roomtone
{
    /// <summary>
    /// How 48 kHz becomes the rate of the audio device: a polyphase lowpass (Kaiser window, 16 taps or more), exact for
    /// every rate whose ratio to 48 kHz has at most 1024 phases, and within 1/2048 of a sample for the others.
    /// </summary>
    /// <remarks>
    /// Never changes once it is made; any thread. Source: J. O. Smith, "Digital Audio Resampling", windowed-sinc section.
    /// </remarks>
    internal sealed class OutputRate
    {
        private const int LeastTaps = 16;
        private const int MostPhases = 1024;
        private const double KaiserBeta = 6.3;

        // Of the lower of the two Nyquist frequencies. What the slope above it lets through folds back only to where the
        // slope has begun: above 16 kHz at 44.1 kHz, and there already faint.
        private const double CutoffShare = 0.96;

        public OutputRate(int hz)
        {
            Hz = hz;
            int divisor = GreatestDivisor(Limits.SampleRateHz, hz);
            Step = Limits.SampleRateHz / divisor;
            Parts = hz / divisor;
            Phases = Math.Min(Parts, MostPhases);
            Taps = IsNative ? 0 : TapsFor(hz);
            double bandwidth = Math.Min(1.0, (double)hz / Limits.SampleRateHz);
            Coefficients = IsNative ? new float[0] : Design(Phases, Taps, bandwidth);
        }

        /// <summary>Frames per second of the device.</summary>
        public int Hz { get; }

        /// <summary>How far one output frame moves on in the input, in parts of a frame.</summary>
        public int Step { get; }

        /// <summary>How many parts an input frame has.</summary>
        public int Parts { get; }

        /// <summary>How many sets of coefficients there are.</summary>
        public int Phases { get; }

        /// <summary>How many input frames an output frame is made of.</summary>
        public int Taps { get; }

        /// <summary>(phases, taps).</summary>
        public float[] Coefficients { get; }

        /// <summary>Whether nothing needs to be done.</summary>
        public bool IsNative
        {
            get { return Hz == Limits.SampleRateHz; }
        }

        private static int TapsFor(int hz)
        {
            double stretch = Math.Max(1.0, (double)Limits.SampleRateHz / hz);
            return 4 * (int)Math.Round(LeastTaps * stretch / 4.0);
        }

        private static float[] Design(int phases, int taps, double bandwidth)
        {
            float[] all = new float[phases * taps];
            double cutoff = CutoffShare * bandwidth;
            double half = taps / 2.0;
            for (int phase = 0; phase < phases; phase++)
            {
                double sum = 0.0;
                for (int tap = 0; tap < taps; tap++)
                {
                    double at = tap - half + 1.0 - ((double)phase / phases);
                    double value = Sinc(cutoff * at) * Kaiser(at / half);
                    all[(phase * taps) + tap] = (float)value;
                    sum += value;
                }

                for (int tap = 0; tap < taps; tap++)
                {
                    all[(phase * taps) + tap] = (float)(all[(phase * taps) + tap] / sum);
                }
            }

            return all;
        }

        private static double Sinc(double x)
        {
            return Math.Abs(x) < 1e-9 ? 1.0 : Math.Sin(Math.PI * x) / (Math.PI * x);
        }

        private static double Kaiser(double way)
        {
            return Math.Abs(way) >= 1.0 ? 0.0 : Bessel(KaiserBeta * Math.Sqrt(1.0 - (way * way))) / Bessel(KaiserBeta);
        }

        /// <summary>The modified Bessel function of order 0, by its series.</summary>
        private static double Bessel(double x)
        {
            double sum = 1.0;
            double term = 1.0;
            for (int k = 1; term > 1e-12 * sum; k++)
            {
                term *= x / (2.0 * k) * (x / (2.0 * k));
                sum += term;
            }

            return sum;
        }

        private static int GreatestDivisor(int a, int b)
        {
            while (b != 0)
            {
                int rest = a % b;
                a = b;
                b = rest;
            }

            return a;
        }
    }
}
