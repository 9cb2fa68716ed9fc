using System;
using NUnit.Framework;
using Roomtone.Wire;

namespace Roomtone.Tests
{
    /// <summary>What is heard while samples are missing.</summary>
    [TestFixture]
    public sealed class ConcealerTests
    {
        private const int Block = Limits.BlockFrames;

        private static float[] Noise(int frames, int channels, int seed)
        {
            Random random = new Random(seed);
            float[] noise = new float[frames * channels];
            for (int i = 0; i < noise.Length; i++)
            {
                noise[i] = (float)((2.0 * random.NextDouble()) - 1.0) * 0.3f;
            }

            return noise;
        }

        private static float[] Real(Concealer concealer, float[] samples, int channels)
        {
            float[] heard = (float[])samples.Clone();
            for (int at = 0; at < heard.Length; at += Block * channels)
            {
                concealer.Real(heard, at, Math.Min(Block, (heard.Length - at) / channels));
            }

            return heard;
        }

        private static float[] Fill(Concealer concealer, int frames, int channels)
        {
            float[] heard = new float[frames * channels];
            for (int at = 0; at < heard.Length; at += Block * channels)
            {
                concealer.Fill(heard, at, Math.Min(Block, (heard.Length - at) / channels));
            }

            return heard;
        }

        private static double Rms(float[] samples, int from, int count)
        {
            double power = 0.0;
            for (int i = from; i < from + count; i++)
            {
                power += samples[i] * samples[i];
            }

            return Math.Sqrt(power / count);
        }

        [Test]
        public void SamplesThatArrivePassToTheBit([Values(1, 2)] int channels)
        {
            float[] noise = Noise(100 * Block, channels, 1);
            Assert.That(Real(new Concealer(channels, new Chance(1)), noise, channels), Is.EqualTo(noise));
        }

        [Test]
        public void AGapBeginsWithTheMirrorImageOfWhatWasHeard()
        {
            Concealer concealer = new Concealer(1, new Chance(1));
            float[] before = Real(concealer, Noise(200 * Block, 1, 2), 1);
            float[] gap = Fill(concealer, Block, 1);
            Assert.That(gap[0], Is.EqualTo(before[before.Length - 1]).Within(0.01));
            Assert.That(gap[1], Is.EqualTo(before[before.Length - 2]).Within(0.01));
        }

        [Test]
        public void AGapHoldsItsLevelForASecondAndIsSilentAfterThree([Values(1, 2)] int channels)
        {
            Concealer concealer = new Concealer(channels, new Chance(1));
            double usual = Rms(Real(concealer, Noise(200 * Block, channels, 3), channels), 0, 200 * Block);
            float[] gap = Fill(concealer, 160000 / Block * Block, channels);
            int second = 48000 * channels;
            Assert.That(20.0 * Math.Log10(Rms(gap, 0, second) / usual), Is.EqualTo(0.0).Within(1.0));
            Assert.That(Rms(gap, second * 3 / 2, second / 10), Is.LessThan(0.95 * usual));
            Assert.That(Rms(gap, 3 * second, 4000), Is.LessThan(1e-6));
        }

        [Test]
        public void TheTextureIsNotARepetitionOfTheLastSecond()
        {
            Concealer concealer = new Concealer(1, new Chance(1));
            Real(concealer, Noise(200 * Block, 1, 4), 1);
            float[] gap = Fill(concealer, 96000, 1);
            double same = 0.0;
            for (int i = 0; i < 40000; i++)
            {
                same += gap[i] * gap[i + 48000];
            }

            Assert.That(same / 40000, Is.LessThan(0.2 * 0.03));
        }

        [Test]
        public void WhatReturnsIsExactAfterThirtyMilliseconds()
        {
            Concealer concealer = new Concealer(2, new Chance(1));
            Real(concealer, Noise(100 * Block, 2, 5), 2);
            Fill(concealer, 3 * Block, 2);
            float[] noise = Noise(10 * Block, 2, 6);
            float[] heard = Real(concealer, noise, 2);
            for (int i = 2 * Concealer.ReturnFrames; i < heard.Length; i++)
            {
                Assert.That(heard[i], Is.EqualTo(noise[i]));
            }

            Assert.That(Rms(heard, 0, 2000), Is.EqualTo(Rms(noise, 0, 2000)).Within(0.05));
        }

        [Test]
        public void AStreamThatEndsFadesAndIsThenSilent()
        {
            Concealer concealer = new Concealer(1, new Chance(1));
            float[] before = Real(concealer, Noise(100 * Block, 1, 7), 1);
            float[] after = new float[4 * Block];
            for (int at = 0; at < after.Length; at += Block)
            {
                concealer.Farewell(after, at, Block);
            }

            Assert.That(after[0], Is.EqualTo(before[before.Length - 1]));
            Assert.That(Rms(after, 0, 200), Is.GreaterThan(5.0 * Rms(after, 1200, 200)));
            Assert.That(Rms(after, Concealer.FarewellFrames, Block), Is.EqualTo(0.0));
        }

        [Test]
        public void TheSameSeedGivesTheSameTexture()
        {
            float[][] gaps = new float[2][];
            for (int i = 0; i < 2; i++)
            {
                Concealer concealer = new Concealer(1, new Chance(9));
                Real(concealer, Noise(200 * Block, 1, 8), 1);
                gaps[i] = Fill(concealer, 20 * Block, 1);
            }

            Assert.That(gaps[0], Is.EqualTo(gaps[1]));
        }

        [Test]
        public void AGapBeforeAnythingWasHeardIsSilent()
        {
            Concealer concealer = new Concealer(2, new Chance(1));
            Assert.That(Rms(Fill(concealer, 10 * Block, 2), 0, 20 * Block), Is.EqualTo(0.0));
        }
    }
}
