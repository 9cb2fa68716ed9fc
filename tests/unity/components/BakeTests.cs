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
            StubEngine.BeginWithoutReload(typeof(RoomtoneDaemon), typeof(RoomtoneZone));
            Resources.StubRoot = Environment.GetEnvironmentVariable("ROOMTONE_TEST_BAKED");
        }

        [Test]
        public void StatesAreCrossfadedByParameter()
        {
            RoomtoneScene bake = Open("yard");
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
            RoomtoneScene bake = Open("yard");
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
            RoomtoneScene bake = Open("yard");
            Assert.That(bake.Moods, Is.EqualTo(new[] { "wild" }));
            bake.Morph("wild", 1f);
            bake.Morph("nonsense", 1f);
            Assert.That(StubEngine.Log, Has.Count.EqualTo(1));
            Assert.AreEqual(1f, bake.Get("storm"));
            Pass(0.5f);
            Assert.That(Volume("yard/thunder-wild"), Is.InRange(0.4f, 0.9f));
            Pass(0.7f);
            Assert.AreEqual(1f, Volume("yard/thunder-wild"), 0.02f);
            float awayM = Source("yard/thunder-wild").transform.position.magnitude;
            Assert.That(awayM, Is.InRange(60f, 200.1f));
        }

        [Test]
        public void WhatWasNotBakedIsSaid()
        {
            RoomtoneScene bake = Open("elsewhere");
            Assert.IsFalse(bake.IsOpen);
            StringAssert.Contains("elsewhere", bake.Trouble);
            Pass(5f);
            Assert.AreEqual(1, StubEngine.Log.Count);
        }

        [Test]
        public void NoDaemonIsMadeOrAskedFor()
        {
            int opened = 0;
            RoomtoneScene bake = Open("yard", made => made.Opened += () => opened++);
            Pass(1f);
            Assert.AreEqual(1, opened);
            Assert.IsTrue(bake.IsBaked);
            Assert.IsNull(bake.Scene);
            Assert.IsNull(RoomtoneDaemon.Current);
            Assert.IsEmpty(UnityEngine.Object.FindObjectsOfType<RoomtoneDaemon>());
            RoomtoneLayer asked = bake.Request("a dog far away");
            StringAssert.Contains("a dog far away", bake.Trouble);
            Pass(0.1f);
            Assert.IsNull(asked.Layer);
        }

        [Test]
        public void WhatWasSetBeforeIsHeardFromTheBeginning()
        {
            RoomtoneScene bake = Open("yard", made => made.Set("rain", 1f));
            Assert.AreEqual(1f, Volume("yard/street-rain=1"), 0.02f);
            Assert.AreEqual(1.0, bake.Parameters["rain"].High);
            Assert.AreEqual(1f, bake.Get("rain"));
            Assert.IsNaN(bake.Get("nonsense"));
        }

        [Test]
        public void LevelAndZonesAreHeardInABakeToo()
        {
            Transform ear = new GameObject("Listener").AddComponent<AudioListener>().transform;
            RoomtoneScene bake = Open("yard");
            RoomtoneZone zone = bake.gameObject.AddComponent<RoomtoneZone>();
            zone.RadiusM = 5f;
            zone.FadeM = 10f;
            Pass(0.1f);
            Assert.AreEqual(1f, Volume("yard/brook"), 1e-3f);
            bake.Level = 0.5f;
            Pass(0.1f);
            Assert.AreEqual(0.5f, Volume("yard/brook"), 1e-3f);
            ear.position = new Vector3(100f, 0f, 0f);
            Open("yard", made => made.transform.position = ear.position).gameObject.AddComponent<RoomtoneZone>();
            Pass(0.1f);
            Assert.AreEqual(0f, bake.ZoneLevel);
        }

        [Test]
        public void ALayerThatWasPutThereByHandSaysWhereAndHowLoud()
        {
            RoomtoneLayer hand = null;
            RoomtoneScene bake = Open("yard", made =>
            {
                made.MakesLayers = false;
                GameObject below = new GameObject("by hand");
                below.transform.SetParent(made.transform, false);
                below.transform.localPosition = new Vector3(0f, 2f, 7f);
                hand = below.AddComponent<RoomtoneLayer>();
                hand.LayerName = "brook";
                hand.Place = RoomtonePlace.Transform;
                hand.GainDb = -6f;
            });
            Assert.AreEqual(0.501f, Volume("yard/brook"), 1e-2f);
            Assert.AreEqual(7f, Source("yard/brook").transform.position.z, 1e-3f);
            Assert.AreEqual(2, UnityEngine.Object.FindObjectsOfType<AudioSource>().Length, "its own, and the file's");
            hand.enabled = false;
            Pass(0.02f);
            Assert.AreEqual(0f, Volume("yard/brook"));
            Assert.IsTrue(bake.IsOpen);
        }

        [Test]
        public void EventsTurnWithTheScene()
        {
            RoomtoneScene bake = Open("yard", made => made.Set("storm", 1f));
            Vector3 before = Source("yard/thunder-wild").transform.position;
            bake.transform.eulerAngles = new Vector3(0f, 90f, 0f);
            StubEngine.Update(0f);
            Vector3 after = Source("yard/thunder-wild").transform.position;
            Assert.AreEqual(before.z, after.x, 0.01f);
            Assert.AreEqual(-before.x, after.z, 0.01f);
        }

        [Test]
        public void NothingIsLeftWhenItIsDisabledAndItOpensAgain()
        {
            RoomtoneScene bake = Open("yard");
            bake.gameObject.SetActive(false);
            StubEngine.Update(0.01f);
            Assert.IsFalse(bake.IsOpen);
            Assert.IsEmpty(UnityEngine.Object.FindObjectsOfType<AudioSource>());
            bake.gameObject.SetActive(true);
            Pass(0.02f);
            Assert.IsTrue(bake.IsOpen);
            Assert.IsTrue(Source("yard/brook").isPlaying);
        }

        private static RoomtoneScene Open(string name, Action<RoomtoneScene> prepare = null)
        {
            GameObject made = new GameObject(name);
            made.SetActive(false);
            RoomtoneScene bake = made.AddComponent<RoomtoneScene>();
            bake.BakedFolder = "baked";
            bake.SceneName = name;
            prepare?.Invoke(bake);
            made.SetActive(true);
            StubEngine.Update(0f);
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
