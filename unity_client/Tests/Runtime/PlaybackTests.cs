using System;
using NUnit.Framework;
using Roomtone.Wire;

namespace Roomtone.Tests
{
    /// <summary>The jitter buffer's laws where two threads are not needed to see them.</summary>
    [TestFixture]
    public sealed class PlaybackTests
    {
        private static Playback Opened(Spoken spoken, params string[] layers)
        {
            Playback playback = new Playback(0, 2880, new Chance(1), () => 0.0);
            for (int i = 0; i < layers.Length; i++)
            {
                playback.Add(spoken.LayerOpened(layers[i], i + 1, 1));
            }

            playback.Want(0);
            playback.GrantMore();
            return playback;
        }

        private static ArraySegment<byte> Constant(float value, int streams)
        {
            float[] samples = new float[Limits.BlockFrames * streams];
            for (int i = 0; i < samples.Length; i++)
            {
                samples[i] = value;
            }

            return new ArraySegment<byte>(Spoken.Bytes(samples));
        }

        [Test]
        public void CreditIsWhatIsKeptAndTheBlockInHand()
        {
            Assert.That(Opened(new Spoken(), "a").UntilFrame, Is.EqualTo(2880 + 480));
        }

        [Test]
        public void AHalfOfABlockIsHeardAndTheOtherHalfConcealedUntilItIsHere()
        {
            Spoken spoken = new Spoken();
            Playback playback = Opened(spoken, "a", "b");
            playback.Take(spoken.Audio(0, 1920, streams: 1, more: true), Constant(0.5f, 1));
            Assert.That(playback.ReceivedFrame, Is.EqualTo(0));
            float[] heard = playback.Read(240)["a"];
            Assert.That(heard, Is.All.EqualTo(0.5f));
            playback.Take(spoken.Audio(0, 1920, streams: 2), Constant(0.5f, 2));
            Assert.That(playback.ReceivedFrame, Is.EqualTo(480));
            Assert.That(playback.Counters.Underruns, Is.EqualTo(1));
        }

        [Test]
        public void AStreamThatAWholeBlockLacksIsSilent()
        {
            Spoken spoken = new Spoken();
            Playback playback = Opened(spoken, "a", "b");
            playback.Take(spoken.Audio(0, 1920, streams: 1), Constant(0.5f, 1));
            Assert.That(playback.Read(480)["b"], Is.All.EqualTo(0f));
            Assert.That(playback.Counters.Underruns, Is.EqualTo(0));
        }

        [TestCase(480, 100)]
        [TestCase(4800, 1920)]
        [TestCase(0, 1918)]
        public void ABlockThatWasNotAskedForOrLiesIsRefused(long firstFrame, int sizeBytes)
        {
            Spoken spoken = new Spoken();
            Playback playback = Opened(spoken, "a");
            Assert.Throws<WireException>(
                () => playback.Take(spoken.Audio(firstFrame, sizeBytes), Constant(0.5f, 1)));
        }

        [Test]
        public void ASliceBeyondTheSamplesIsRefused()
        {
            Spoken spoken = new Spoken();
            Playback playback = Opened(spoken, "a");
            ArraySegment<byte> half = new ArraySegment<byte>(Constant(0.5f, 1).Array, 0, 960);
            Assert.Throws<WireException>(() => playback.Take(spoken.Audio(0, 1920), half));
        }

        [Test]
        public void WithoutALayerThePositionStays()
        {
            Playback playback = Opened(new Spoken());
            Assert.That(playback.Read(480), Is.Empty);
            Assert.That(playback.PositionFrame, Is.EqualTo(0));
        }
    }
}
