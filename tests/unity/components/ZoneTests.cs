using NUnit.Framework;
using UnityEngine;

namespace Roomtone.Components.Tests
{
    /// <summary>Walking from scene to scene.</summary>
    [TestFixture]
    public sealed class ZoneTests
    {
        private Stage _stage;

        [SetUp]
        public void SetUp()
        {
            _stage = new Stage();
        }

        [TearDown]
        public void TearDown()
        {
            StubEngine.Reset();
        }

        private static RoomtoneZone ZoneOf(RoomtoneScene scene, float x, float radiusM = 5f, float fadeM = 10f)
        {
            GameObject made = new GameObject("zone");
            made.SetActive(false);
            made.transform.SetParent(scene.transform);
            made.transform.position = new Vector3(x, 3f, 0f);
            RoomtoneZone zone = made.AddComponent<RoomtoneZone>();
            zone.RadiusM = radiusM;
            zone.FadeM = fadeM;
            made.SetActive(true);
            return zone;
        }

        [Test]
        public void ScenesCrossfadeWithEqualPowerOnTheWay()
        {
            RoomtoneScene yard = _stage.Open("yard");
            RoomtoneScene brook = _stage.Open("brook");
            ZoneOf(yard, 0f);
            ZoneOf(brook, 20f);
            for (float x = -10f; x <= 30f; x += 0.5f)
            {
                _stage.Listener.transform.position = new Vector3(x, 0f, 0f);
                StubEngine.Update(0.01f);
                float power = (yard.ZoneLevel * yard.ZoneLevel) + (brook.ZoneLevel * brook.ZoneLevel);
                Assert.That(power, Is.EqualTo(1f).Within(1e-5), "at " + x);
                Assert.That(yard.ZoneLevel == 1f, Is.EqualTo(x <= 5f));
            }

            Assert.That(yard.ZoneLevel, Is.EqualTo(0f));
            Assert.That(brook.ZoneLevel, Is.EqualTo(1f));
        }

        [Test]
        public void AWalkThereAndBackIsNeverSilentAndNeverUnderruns()
        {
            RoomtoneScene yard = _stage.Open("yard");
            RoomtoneScene brook = _stage.Open("brook");
            ZoneOf(yard, 0f);
            ZoneOf(brook, 20f);
            for (int step = 0; step <= 60; step++)
            {
                float x = 20f * (step <= 30 ? step : 60 - step) / 30f;
                _stage.Listener.transform.position = new Vector3(x, 0f, 0f);
                float[] heard = _stage.Play(0.1, yard, brook);
                Assert.That(Stage.Rms(heard), Is.GreaterThan(0.0002), "at " + x);
            }

            Assert.That(yard.Scene.Underruns + brook.Scene.Underruns, Is.EqualTo(0));
            Assert.That(_stage.Complaints, Is.Empty);
        }

        [Test]
        public void OutOfAllZonesTheNearestIsHeard()
        {
            RoomtoneScene yard = _stage.Open("yard");
            RoomtoneScene brook = _stage.Open("brook");
            ZoneOf(yard, 0f);
            ZoneOf(brook, 500f);
            _stage.Listener.transform.position = new Vector3(240f, 0f, 0f);
            StubEngine.Update(0.01f);
            Assert.That(yard.ZoneLevel, Is.EqualTo(1f));
            Assert.That(brook.ZoneLevel, Is.EqualTo(0f));
        }

        [Test]
        public void TwoZonesOfOneSceneAddTheirPowers()
        {
            RoomtoneScene yard = _stage.Open("yard");
            ZoneOf(yard, -4f);
            ZoneOf(yard, 4f);
            StubEngine.Update(0.01f);
            Assert.That(yard.ZoneLevel, Is.EqualTo(1f).Within(1e-6));
        }

        [Test]
        public void AZoneThatIsSwitchedOffLeavesTheSceneToTheOthers()
        {
            RoomtoneScene yard = _stage.Open("yard");
            RoomtoneScene brook = _stage.Open("brook");
            RoomtoneZone near = ZoneOf(yard, 0f);
            ZoneOf(brook, 8f);
            StubEngine.Update(0.01f);
            Assert.That(yard.ZoneLevel, Is.GreaterThan(0.5f));
            near.enabled = false;
            StubEngine.Update(0.01f);
            Assert.That(yard.ZoneLevel, Is.EqualTo(0f));
            Assert.That(brook.ZoneLevel, Is.EqualTo(1f));
        }

        [Test]
        public void AZoneWithoutASceneSaysWhatItNeeds()
        {
            new GameObject("zone").AddComponent<RoomtoneZone>();
            Assert.That(_stage.Complaints[0], Is.StringContaining("needs a scene"));
        }
    }
}
