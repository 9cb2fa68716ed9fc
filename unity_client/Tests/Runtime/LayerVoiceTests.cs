using System;
using NUnit.Framework;

namespace Roomtone.Tests
{
    /// <summary>Layers in the callbacks of an audio engine.</summary>
    [TestFixture]
    public sealed class LayerVoiceTests
    {
        private const int Turn = 1024;
        private const double TurnS = Turn / 48000.0;

        [Test]
        public void BeforeTheBufferIsFullThereIsSilenceAndNoTimePasses()
        {
            Scenery scenery = new Scenery(2);
            Assert.That(Scenery.Pull(scenery.Voices[0], Turn, 2, 0.0), Is.All.EqualTo(0f));
            Assert.That(scenery.Playback.PositionFrame, Is.EqualTo(0));
        }

        [Test]
        public void WhatIsHeardIsWhatWasSentOnceTheGainsAreThere([Values(1, 2)] int channels)
        {
            Scenery scenery = new Scenery(channels);
            scenery.Send();
            Scenery.Pull(scenery.Voices[0], Turn, 2, 0.0);
            for (int turn = 1; turn < 20; turn++)
            {
                scenery.Send();
                float[] heard = Scenery.Pull(scenery.Voices[0], Turn, 2, turn * TurnS);
                for (int frame = 0; frame < Turn; frame++)
                {
                    Assert.That(heard[2 * frame], Is.EqualTo(Scenery.At((turn * Turn) + frame)));
                    Assert.That(heard[(2 * frame) + 1], Is.EqualTo(heard[2 * frame]));
                }
            }

            Assert.That(scenery.Playback.Counters.Underruns, Is.EqualTo(0));
        }

        [Test]
        public void TheEnginesOwnGainsStayInForce()
        {
            Scenery scenery = new Scenery(1);
            scenery.Send();
            Scenery.Pull(scenery.Voices[0], Turn, 2, 0.0);
            scenery.Send();
            float[] data = new float[2 * Turn];
            for (int frame = 0; frame < Turn; frame++)
            {
                data[2 * frame] = 0.25f;
                data[(2 * frame) + 1] = 0.75f;
            }

            scenery.Voices[0].Multiply(data, 2, TurnS);
            Assert.That(data[200], Is.EqualTo(0.25f * Scenery.At(Turn + 100)));
            Assert.That(data[201], Is.EqualTo(0.75f * Scenery.At(Turn + 100)));
        }

        [TestCase(1)]
        [TestCase(6)]
        [TestCase(8)]
        public void ADeviceMayHaveAnyNumberOfChannels(int channels)
        {
            Scenery scenery = new Scenery(2);
            scenery.Send();
            Scenery.Pull(scenery.Voices[0], Turn, channels, 0.0);
            scenery.Send();
            float[] heard = Scenery.Pull(scenery.Voices[0], Turn, channels, TurnS);
            for (int channel = 0; channel < channels; channel++)
            {
                Assert.That(heard[(300 * channels) + channel], Is.EqualTo(Scenery.At(Turn + 300)).Within(1e-6));
            }
        }

        [Test]
        public void AllLayersOfASceneHearTheSameFrames()
        {
            Scenery scenery = new Scenery(1, layers: 3);
            for (int turn = 0; turn < 10; turn++)
            {
                scenery.Send();
                float[] first = Scenery.Pull(scenery.Voices[0], Turn, 2, turn * TurnS);
                Assert.That(Scenery.Pull(scenery.Voices[1], Turn, 2, turn * TurnS), Is.EqualTo(first));
                Assert.That(Scenery.Pull(scenery.Voices[2], Turn, 2, turn * TurnS), Is.EqualTo(first));
            }

            Assert.That(scenery.Playback.PositionFrame, Is.EqualTo(10 * Turn));
        }

        [Test]
        public void AnEngineWhoseTimeStandsStillPlaysOn()
        {
            Scenery scenery = new Scenery(1);
            for (int turn = 0; turn < 5; turn++)
            {
                scenery.Send();
                Scenery.Pull(scenery.Voices[0], Turn, 2, 3.0);
            }

            Assert.That(scenery.Playback.PositionFrame, Is.EqualTo(5 * Turn));
        }

        [Test]
        public void AVoiceThatTheEngineHadStoppedComesBackInTimeAndFadesIn()
        {
            Scenery scenery = new Scenery(1, layers: 2);
            float[] heard = null;
            float[] other = null;
            for (int turn = 0; turn < 300; turn++)
            {
                scenery.Send();
                heard = Scenery.Pull(scenery.Voices[0], Turn, 2, turn * TurnS);
                if (turn < 10 || turn >= 298)
                {
                    other = Scenery.Pull(scenery.Voices[1], Turn, 2, turn * TurnS);
                }

                if (turn == 298)
                {
                    Assert.That(Math.Abs(other[0]), Is.LessThan(0.001f));
                    Assert.That(other[2 * 512], Is.EqualTo(heard[2 * 512] * 513f / 1024f).Within(1e-4));
                }
            }

            Assert.That(other, Is.EqualTo(heard));
            Assert.That(scenery.Playback.Counters.Underruns, Is.EqualTo(0));
        }

        [Test]
        public void GainsWalkWithinACallback()
        {
            Scenery scenery = new Scenery(2);
            scenery.Send();
            Scenery.Pull(scenery.Voices[0], Turn, 2, 0.0);
            scenery.Send();
            scenery.Voices[0].Aim(Gains.Silent);
            float[] heard = Scenery.Pull(scenery.Voices[0], Turn, 2, TurnS);
            Assert.That(heard[2 * 511], Is.EqualTo(0.5f * Scenery.At(Turn + 511)).Within(1e-4));
            Assert.That(Math.Abs(heard[2 * 1023]), Is.LessThan(1e-6));
            scenery.Send();
            Assert.That(Scenery.Pull(scenery.Voices[0], Turn, 2, 2 * TurnS), Is.All.EqualTo(0f));
            Assert.That(scenery.Voices[0].LevelDb, Is.EqualTo(-200.0));
        }

        [Test]
        public void WhatIsMissingIsConcealedWithoutAClick()
        {
            Scenery scenery = new Scenery(1);
            float last = 0f;
            double steepest = 0.0;
            for (int turn = 0; turn < 100; turn++)
            {
                scenery.Send(withheldFrom: 60 * 480, withheldUntil: 90 * 480);
                float[] heard = Scenery.Pull(scenery.Voices[0], Turn, 1, turn * TurnS);
                foreach (float sample in heard)
                {
                    steepest = Math.Max(steepest, Math.Abs(sample - last));
                    last = sample;
                }
            }

            Assert.That(steepest, Is.LessThan(0.03));
            Assert.That(scenery.Playback.Counters.Underruns, Is.EqualTo(1));
            Assert.That(scenery.Playback.Counters.ConcealedFrames, Is.EqualTo(30 * 480));
        }

        [Test]
        public void AnotherRateIsPlayedAtTheSamePitch([Values(44100, 96000, 22050)] int rateHz)
        {
            Scenery scenery = new Scenery(2);
            scenery.Clock.Retune(rateHz);
            scenery.Voices[0].Retune();
            int crossings = 0;
            float last = 0f;
            int turns = 2 * rateHz / Turn;
            for (int turn = 0; turn < turns; turn++)
            {
                scenery.Send();
                float[] heard = Scenery.Pull(scenery.Voices[0], Turn, 2, turn * Turn / (double)rateHz);
                for (int frame = 0; frame < Turn; frame++)
                {
                    // The filter rings, unheard, before the first sample.
                    crossings += (turn > 0 || frame > 64) && last < 0f && heard[2 * frame] >= 0f ? 1 : 0;
                    last = heard[2 * frame];
                }
            }

            double seconds = turns * Turn / (double)rateHz;
            Assert.That(crossings, Is.EqualTo(110.0 * seconds).Within(2.0));
            Assert.That(scenery.Playback.PositionFrame, Is.EqualTo(48000.0 * seconds).Within(2.0));
        }

        [Test]
        public void ADeviceThatChangesItsRateIsFollowedWithoutAnythingLoud()
        {
            Scenery scenery = new Scenery(2);
            double timeS = 0.0;
            for (int turn = 0; turn < 60; turn++)
            {
                scenery.Send();
                if (turn == 20)
                {
                    scenery.Clock.Retune(44100);
                }

                if (turn == 23)
                {
                    scenery.Voices[0].Retune();
                }

                float[] heard = Scenery.Pull(scenery.Voices[0], Turn, 2, timeS);
                timeS += TurnS;
                Assert.That(heard, Is.All.InRange(-0.6f, 0.6f));
                bool lost = turn >= 20 && turn < 23;
                Assert.That(Array.Exists(heard, sample => sample != 0f), Is.EqualTo(!lost));
            }
        }

        [Test]
        public void CallbacksMakeNoGarbage([Values(48000, 44100)] int rateHz)
        {
            Scenery scenery = new Scenery(2);
            scenery.Clock.Retune(rateHz);
            scenery.Voices[0].Retune();
            float[] data = new float[2 * 128];
            Assert.That(GarbageBytes(turns => Play(scenery, data, turns), 100000), Is.EqualTo(0));
            Assert.That(scenery.Playback.Counters.Underruns, Is.GreaterThan(0));
        }

        [Test]
        public void GarbageWouldBeNoticed()
        {
            object[] last = new object[1];
            Assert.That(GarbageBytes(turns => last[0] = new object(), 1), Is.GreaterThan(0));
        }

        private static long GarbageBytes(Action<int> play, int turns)
        {
            play(1000);
            long before = Allocated();
            int collections = GC.CollectionCount(0);
            play(turns);
            return Allocated() - before + GC.CollectionCount(0) - collections;
        }

        /// <summary>What this thread has allocated; where a runtime does not count that, what all have.</summary>
        private static long Allocated()
        {
            long mine = GC.GetAllocatedBytesForCurrentThread();
            return mine > 0 ? mine : GC.GetTotalMemory(false);
        }

        /// <summary>Receives and plays; now and then something is missing, so that concealing is measured as well.</summary>
        private static void Play(Scenery scenery, float[] data, int turns)
        {
            for (int turn = 0; turn < turns; turn++)
            {
                long gap = scenery.Playback.PositionFrame / 480000 * 480000;
                scenery.Send(gap + 48000, gap + 96000);
                for (int i = 0; i < data.Length; i++)
                {
                    data[i] = 1f;
                }

                scenery.Voices[0].Multiply(data, 2, turn);
            }
        }

        [Test]
        public void ABufferOfNothingIsNothing()
        {
            Scenery scenery = new Scenery(2);
            scenery.Send();
            scenery.Voices[0].Multiply(new float[0], 2, 0.0);
            scenery.Voices[0].Multiply(new float[4], 0, 1.0);
            Assert.That(scenery.Playback.PositionFrame, Is.EqualTo(0));
        }
    }
}
