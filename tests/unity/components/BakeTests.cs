using System;
using NUnit.Framework;
using UnityEngine;

namespace Roomtone.Components.Tests
{
    /// <summary>A baked scene plays without a daemon, and follows its parameters.</summary>
    [TestFixture]
    public sealed class BakeTests
    {
        [SetUp]
        public void Begin()
        {
            StubEngine.Reset();
            Resources.StubRoot = Environment.GetEnvironmentVariable("ROOMTONE_TEST_BAKED");
        }

        [Test]
        public void StatesAreCrossfadedByParameter()
        {
            RoomtoneBake bake = Open("yard");
            Assert.IsTrue(bake.IsOpen, bake.Trouble);
            Assert.Less(Volume("yard/street-rain=1"), 0.05f);
            bake.Set("rain", 1f);
            Pass(0.05f);
            float before = Volume("yard/street-rain=1");
            Pass(3f);
            Assert.AreEqual(1f, Volume("yard/street-rain=1"), 0.02f);
            Assert.Less(before, 0.9f);
            Assert.Less(Volume("yard/street-rain=0.5"), 0.05f);
            Assert.AreEqual(1f, bake.Get("rain"), 0.01f);
            Assert.AreEqual(1f, Volume("yard/brook"), 1e-3f);
        }

        [Test]
        public void BetweenTwoStatesBothAreHeardWithTheirPower()
        {
            RoomtoneBake bake = Open("yard");
            bake.Set("rain", 0.75f);
            Pass(6f);
            float half = Volume("yard/street-rain=0.5");
            float full = Volume("yard/street-rain=1");
            Assert.AreEqual(half, full, 0.05f);
            Assert.AreEqual(1f, (half * half) + (full * full), 0.05f);
        }

        [Test]
        public void AMoodIsWalkedToInItsTime()
        {
            RoomtoneBake bake = Open("yard");
            Assert.IsTrue(bake.Morph("wild", 1f));
            Assert.IsFalse(bake.Morph("nonsense", 1f));
            Pass(0.5f);
            Assert.AreEqual(0.5f, bake.Get("storm"), 0.05f);
            Pass(0.7f);
            Assert.AreEqual(1f, Volume("yard/thunder-wild"), 0.02f);
            float awayM = Source("yard/thunder-wild").transform.position.magnitude;
            Assert.That(awayM, Is.InRange(60f, 200.1f));
        }

        [Test]
        public void WhatWasNotBakedIsSaid()
        {
            RoomtoneBake bake = Open("elsewhere");
            Assert.IsFalse(bake.IsOpen);
            StringAssert.Contains("elsewhere", bake.Trouble);
            Assert.AreEqual(1, StubEngine.Log.Count);
        }

        private static RoomtoneBake Open(string name)
        {
            GameObject made = new GameObject(name);
            made.SetActive(false);
            RoomtoneBake bake = made.AddComponent<RoomtoneBake>();
            bake.BakedFolder = "baked";
            bake.SceneName = name;
            made.SetActive(true);
            return bake;
        }

        private static float Volume(string file)
        {
            return Source(file).volume;
        }

        private static AudioSource Source(string file)
        {
            foreach (AudioSource source in UnityEngine.Object.FindObjectsOfType<AudioSource>())
            {
                if (source.gameObject.name == file)
                {
                    return source;
                }
            }

            throw new AssertionException("there is no source of " + file);
        }

        private static void Pass(float seconds)
        {
            for (int i = 0; i < Math.Round(seconds / 0.01); i++)
            {
                StubEngine.Update(0.01f);
            }
        }
    }
}
