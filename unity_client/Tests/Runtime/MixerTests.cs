using NUnit.Framework;

namespace Roomtone.Tests
{
    /// <summary>The mix of tools that have no engine.</summary>
    [TestFixture]
    public sealed class MixerTests
    {
        private static float[] Ones(int frames)
        {
            float[] ones = new float[frames];
            for (int i = 0; i < frames; i++)
            {
                ones[i] = 1f;
            }

            return ones;
        }

        [Test]
        public void AStreamFadesInWithinItsFirstBlockAndThenStands()
        {
            Mixer mixer = new Mixer();
            mixer.Begin(4);
            mixer.Add("a", Ones(4), 1, Gains.Around(1));
            Assert.That(mixer.End(), Is.EqualTo(new[] { 0.25f, 0.25f, 0.5f, 0.5f, 0.75f, 0.75f, 1f, 1f }));
            mixer.Begin(2);
            mixer.Add("a", Ones(2), 1, Gains.Around(1));
            Assert.That(mixer.End(), Is.All.EqualTo(1f));
        }

        [Test]
        public void AStreamThatIsLeftOutIsForgotten()
        {
            Mixer mixer = new Mixer();
            mixer.Begin(1);
            mixer.Add("a", Ones(1), 1, Gains.Around(1));
            mixer.End();
            mixer.Begin(1);
            Assert.That(mixer.End(), Is.All.EqualTo(0f));
            mixer.Begin(2);
            mixer.Add("a", Ones(2), 1, Gains.Around(1));
            Assert.That(mixer.End()[0], Is.EqualTo(0.5f));
        }
    }
}
