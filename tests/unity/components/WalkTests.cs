using System;
using System.Globalization;
using System.IO;
using NUnit.Framework;
using Roomtone.Samples;
using UnityEngine;

namespace Roomtone.Components.Tests
{
    /// <summary>The sample takes the walk of `roomtone demo`.</summary>
    [TestFixture]
    public sealed class WalkTests
    {
        [TearDown]
        public void TearDown()
        {
            StubEngine.Reset();
        }

        [Test]
        public void ItGoesTheWayOfTheDemoAndAsksTheSameOfTheScenes()
        {
            // A line each: share, x, z, yaw, then every value of every scene in order.
            foreach (string line in File.ReadAllLines(Environment.GetEnvironmentVariable("ROOMTONE_TEST_WALK")))
            {
                float[] numbers = Array.ConvertAll(
                    line.Split(' '), word => float.Parse(word, CultureInfo.InvariantCulture));
                float share = numbers[0];
                Assert.That(WalkWay.At(share).x, Is.EqualTo(numbers[1]).Within(1e-3));
                Assert.That(WalkWay.At(share).z, Is.EqualTo(-numbers[2]).Within(1e-3));
                Assert.That(Math.Sin((WalkWay.YawDegAt(share) - numbers[3]) * Math.PI / 180.0), Is.EqualTo(0.0).Within(1e-3));
                int next = 4;
                foreach (WalkPlace place in WalkPlace.All)
                {
                    foreach (WalkCourse course in place.Courses)
                    {
                        Assert.That(course.At(share), Is.EqualTo(numbers[next++]).Within(1e-4), course.Parameter);
                    }
                }

                Assert.That(next, Is.EqualTo(numbers.Length));
            }
        }

        [Test]
        public void ItSoundsEverywhereOnTheWay()
        {
            Stage stage = new Stage();
            RoomtoneWalk walk = new GameObject("walk").AddComponent<RoomtoneWalk>();
            StubEngine.Update(0.01f);
            foreach (RoomtoneScene scene in walk.Scenes)
            {
                stage.UntilPlays(scene);
            }

            string told = "";
            for (int step = 0; step <= 10; step++)
            {
                walk.Share = step / 10f;
                float[] heard = stage.Play(0.2, walk.Scenes);
                Assert.That(Stage.Rms(heard), Is.GreaterThan(0.0005), "at " + walk.Share);
                told += walk.Caption;
            }

            Assert.That(told, Is.StringContaining("tin awning").And.StringContaining("crickets"));
            Assert.That(stage.Complaints, Is.Empty);
        }
    }
}
