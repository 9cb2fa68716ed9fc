using System;
using System.Threading;
using NUnit.Framework;
using Roomtone.Wire;

namespace Roomtone.Tests
{
    /// <summary>Blocks between two threads.</summary>
    [TestFixture]
    public sealed class BlockRingTests
    {
        private const int Block = Limits.BlockFrames;

        private static byte[] Constant(float value, int channels)
        {
            float[] samples = new float[Block * channels];
            for (int i = 0; i < samples.Length; i++)
            {
                samples[i] = value;
            }

            return Spoken.Bytes(samples);
        }

        [Test]
        public void ABlockThatIsNotHereIsMissing()
        {
            BlockRing ring = new BlockRing(8, 1);
            Assert.That(ring.Read(0, 0, Block, new float[Block], 0), Is.False);
            ring.Write(0, SampleFormat.F32, Constant(0.5f, 1), 0);
            Assert.That(ring.Read(8 * Block, 0, Block, new float[Block], 0), Is.False);
        }

        [Test]
        public void ABlockIsReadInPieces()
        {
            BlockRing ring = new BlockRing(8, 2);
            ring.Write(960, SampleFormat.F32, Constant(0.5f, 2), 0);
            float[] into = new float[(2 * 100) + 2];
            Assert.That(ring.Read(960, 380, 100, into, 2), Is.True);
            Assert.That(into[1], Is.EqualTo(0f));
            Assert.That(into[2], Is.EqualTo(0.5f));
            Assert.That(into[into.Length - 1], Is.EqualTo(0.5f));
        }

        [Test]
        public void SilenceIsABlockLikeAnyOther()
        {
            BlockRing ring = new BlockRing(8, 1);
            float[] into = new float[Block];
            into[7] = 1f;
            ring.WriteSilence(480);
            Assert.That(ring.Read(480, 0, Block, into, 0), Is.True);
            Assert.That(into[7], Is.EqualTo(0f));
        }

        [Test]
        public void SixteenBitsAreTheirShareOfFullScale()
        {
            byte[] pcm = new byte[2 * Block];
            pcm[0] = 0xff;
            pcm[1] = 0x7f;
            pcm[2] = 0x01;
            pcm[3] = 0x80;
            pcm[4] = 0x01;
            BlockRing ring = new BlockRing(4, 1);
            ring.Write(0, SampleFormat.S16, pcm, 0);
            float[] into = new float[Block];
            ring.Read(0, 0, Block, into, 0);
            Assert.That(into[0], Is.EqualTo(1f));
            Assert.That(into[1], Is.EqualTo(-1f));
            Assert.That(into[2], Is.EqualTo(1f / 32767f));
        }

        [Test]
        public void AReaderThatIsOvertakenNeverHearsTwoBlocksAtOnce()
        {
            const int Enough = 2000;
            BlockRing ring = new BlockRing(4, 1);
            long written = -1;
            bool done = false;
            Thread writer = new Thread(() =>
            {
                byte[][] pcm = { Constant(1f, 1), Constant(2f, 1), Constant(3f, 1) };
                for (long block = 0; !Volatile.Read(ref done); block++)
                {
                    ring.Write(block * Block, SampleFormat.F32, pcm[block % 3], 0);
                    Volatile.Write(ref written, block);
                }
            });
            writer.Start();
            float[] into = new float[Block];
            int heard = 0;
            int missed = 0;
            while (heard < Enough || missed == 0)
            {
                long block = Volatile.Read(ref written);
                if (block < 0 || !ring.Read(block * Block, 0, Block, into, 0))
                {
                    missed++;
                    continue;
                }

                heard++;
                float expected = 1 + (block % 3);
                if (Array.Exists(into, sample => sample != expected))
                {
                    Volatile.Write(ref done, true);
                    Assert.Fail("a torn block at " + block);
                }
            }

            Volatile.Write(ref done, true);
            writer.Join();
        }
    }
}
