using System;
using NUnit.Framework;

namespace Roomtone.Tests
{
    /// <summary>From 48 kHz to the device's rate.</summary>
    [TestFixture]
    public sealed class ResamplerTests
    {
        private static float[] Resampled(int rateHz, double toneHz, int frames, int piece, int channels = 1)
        {
            Resampler resampler = new Resampler(new OutputRate(rateHz), channels);
            resampler.Reset(0);
            float[] heard = new float[frames * channels];
            long at = 0;
            for (int done = 0; done < frames;)
            {
                int here = Math.Min(piece, frames - done);
                int needed = resampler.Needs(here);
                for (int i = 0; i < needed * channels; i++)
                {
                    resampler.Input[resampler.InputAt + i] = (float)Math.Sin(2.0 * Math.PI * toneHz * (at + (i / channels)) / 48000.0);
                }

                resampler.Make(here);
                Array.Copy(resampler.Output, 0, heard, done * channels, here * channels);
                at += needed;
                done += here;
            }

            return heard;
        }

        /// <summary>Fits a sine of a frequency; returns its amplitude, and what is left in dB below it.</summary>
        private static double Purity(float[] heard, int rateHz, double toneHz, out double amplitude)
        {
            double sine = 0.0;
            double cosine = 0.0;
            int from = heard.Length / 4;
            int count = heard.Length / 2;
            for (int i = from; i < from + count; i++)
            {
                sine += heard[i] * Math.Sin(2.0 * Math.PI * toneHz * i / rateHz);
                cosine += heard[i] * Math.Cos(2.0 * Math.PI * toneHz * i / rateHz);
            }

            sine *= 2.0 / count;
            cosine *= 2.0 / count;
            double rest = 0.0;
            for (int i = from; i < from + count; i++)
            {
                double phase = 2.0 * Math.PI * toneHz * i / rateHz;
                double error = heard[i] - (sine * Math.Sin(phase)) - (cosine * Math.Cos(phase));
                rest += error * error;
            }

            amplitude = Math.Sqrt((sine * sine) + (cosine * cosine));
            return 10.0 * Math.Log10(amplitude * amplitude / 2.0 / (rest / count));
        }

        [TestCase(44100, 1000.0)]
        [TestCase(44100, 12000.0)]
        [TestCase(44100, 16000.0)]
        [TestCase(96000, 1000.0)]
        [TestCase(96000, 16000.0)]
        [TestCase(32000, 5000.0)]
        [TestCase(24000, 5000.0)]
        [TestCase(22050, 1000.0)]
        [TestCase(88200, 1000.0)]
        public void AToneStaysPureAndAsLoud(int rateHz, double toneHz)
        {
            float[] heard = Resampled(rateHz, toneHz, rateHz, Resampler.MostFrames);
            Assert.That(Purity(heard, rateHz, toneHz, out double amplitude), Is.GreaterThan(60.0));
            Assert.That(20.0 * Math.Log10(amplitude), Is.EqualTo(0.0).Within(0.2));
        }

        [Test]
        public void ARateThatHasNoSmallRatioIsServedToo()
        {
            float[] heard = Resampled(44056, 1000.0, 44056, Resampler.MostFrames);
            Assert.That(Purity(heard, 44056, 1000.0, out double amplitude), Is.GreaterThan(60.0));
            Assert.That(amplitude, Is.EqualTo(1.0).Within(0.02));
        }

        [TestCase(32000, 22000.0)]
        [TestCase(24000, 16000.0)]
        [TestCase(22050, 20000.0)]
        public void ATonesThatTheDeviceCannotPlayDies(int rateHz, double toneHz)
        {
            float[] heard = Resampled(rateHz, toneHz, rateHz, Resampler.MostFrames);
            double power = 0.0;
            for (int i = 1000; i < heard.Length; i++)
            {
                power += heard[i] * heard[i];
            }

            Assert.That(10.0 * Math.Log10((power / heard.Length) + 1e-20), Is.LessThan(-50.0));
        }

        [Test]
        public void TheSizeOfThePiecesChangesNothing([Values(1, 2)] int channels)
        {
            float[] whole = Resampled(44100, 440.0, 4410, 256, channels);
            Assert.That(Resampled(44100, 440.0, 4410, 1, channels), Is.EqualTo(whole));
            Assert.That(Resampled(44100, 440.0, 4410, 77, channels), Is.EqualTo(whole));
        }

        [Test]
        public void MoreThanItHasRoomForIsRefused()
        {
            Resampler resampler = new Resampler(new OutputRate(44100), 2);
            Assert.Throws<ArgumentOutOfRangeException>(() => resampler.Make(Resampler.MostFrames + 1));
            Assert.Throws<ArgumentOutOfRangeException>(() => resampler.Make(-1));
        }

        [Test]
        public void FortyEightKilohertzNeedNothing()
        {
            Assert.That(new OutputRate(48000).IsNative, Is.True);
        }
    }
}
