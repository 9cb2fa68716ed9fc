using System;
using System.Collections.Generic;
using System.Diagnostics;
using NUnit.Framework;
using Roomtone.Wire;
using UnityEngine;

namespace Roomtone.Components.Tests
{
    /// <summary>What a game hears of a scene through its components.</summary>
    [TestFixture]
    public sealed class SoundTests
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

        private static RoomtoneLayer LayerOf(RoomtoneScene scene, string name)
        {
            return new List<RoomtoneLayer>(scene.Layers).Find(layer => layer.LayerName == name);
        }

        private static AudioSource SourceOf(RoomtoneScene scene, string name)
        {
            return LayerOf(scene, name).GetComponent<AudioSource>();
        }

        [Test]
        public void ASceneIsHeardAsSoonAsItIsThere()
        {
            RoomtoneScene yard = _stage.Open("yard");
            Assert.That(Stage.Rms(_stage.Play(0.5, yard)), Is.GreaterThan(0.003));
            Assert.That(_stage.Complaints, Is.Empty);
            Assert.That(yard.Scene.Underruns, Is.EqualTo(0));
            Assert.That(LayerOf(yard, "street").LevelDb, Is.InRange(-60f, 0f));
        }

        [Test]
        public void NothingOfTheOnesIsEverHeard()
        {
            RoomtoneScene yard = _stage.Make("yard");
            float[] before = _stage.Play(0.1);
            Assert.That(before, Is.All.EqualTo(0f));
            _stage.Until(() => yard.IsOpen, "the scene is open");
            float[] heard = _stage.Play(0.5, yard);
            Assert.That(heard, Is.All.InRange(-0.9f, 0.9f));
            double mean = 0.0;
            foreach (float sample in heard)
            {
                mean += sample;
            }

            Assert.That(Math.Abs(mean / heard.Length), Is.LessThan(0.01));
        }

        [Test]
        public void LayersStandWhereTheSceneFileSays()
        {
            RoomtoneScene yard = _stage.Open("yard", scene => scene.transform.position = new Vector3(10f, 0f, 0f));
            _stage.Play(0.05, yard);
            RoomtoneLayer brook = LayerOf(yard, "brook");
            Assert.That(brook.transform.position.x, Is.EqualTo(13f));
            Assert.That(brook.transform.position.z, Is.EqualTo(-2f));
            AudioSource source = SourceOf(yard, "brook");
            Assert.That(source.spatialBlend, Is.EqualTo(1f));
            Assert.That(source.loop, Is.True);
            Assert.That(source.dopplerLevel, Is.EqualTo(0f));
            Assert.That(SourceOf(yard, "street").spatialBlend, Is.EqualTo(0f));
        }

        [Test]
        public void TheEnginesDistanceIsTheLawOfAllClients()
        {
            RoomtoneScene yard = _stage.Open("yard");
            AudioSource source = SourceOf(yard, "brook");
            AnimationCurve curve = source.GetCustomCurve(AudioSourceCurveType.CustomRolloff);
            Assert.That(source.maxDistance, Is.EqualTo(30f));
            for (double distanceM = 0.0; distanceM <= 30.0; distanceM += 0.1)
            {
                double law = Mixing.DistanceGain(distanceM, 1.0, 30.0);
                Assert.That(curve.Evaluate((float)distanceM / 30f), Is.EqualTo(law).Within(0.01), "at " + distanceM);
            }
        }

        [Test]
        public void ASpatialiserPluginComesAfterTheSamples()
        {
            AudioSettings.StubSpatializer = "Some Spatializer";
            AudioSource source = SourceOf(_stage.Open("yard"), "brook");
            Assert.That(source.spatialize, Is.True);
            Assert.That(source.spatializePostEffects, Is.True);
        }

        [TestCase(RoomtoneSpatialisation.Engine)]
        [TestCase(RoomtoneSpatialisation.Roomtone)]
        public void ALayerIsLouderOnTheSideWhereItIs(RoomtoneSpatialisation spatialisation)
        {
            RoomtoneScene brook = _stage.Open("brook", scene => scene.Spatialisation = spatialisation);
            _stage.Listener.transform.position = new Vector3(-3f, 0f, 2f);
            float[] heard = _stage.Play(0.6, brook);
            Assert.That(Stage.Rms(heard, 1, 0.5), Is.GreaterThan(1.5 * Stage.Rms(heard, 0, 0.5)));
            _stage.Listener.transform.position = new Vector3(9f, 0f, 2f);
            heard = _stage.Play(0.6, brook);
            Assert.That(Stage.Rms(heard, 0, 0.5), Is.GreaterThan(1.5 * Stage.Rms(heard, 1, 0.5)));
        }

        [Test]
        public void TurningRoundTurnsTheSoundAndKeepsItsPower()
        {
            RoomtoneScene brook = _stage.Open("brook", scene => scene.Spatialisation = RoomtoneSpatialisation.Roomtone);
            _stage.Listener.transform.position = new Vector3(-3f, 0f, -2f);
            float[] right = _stage.Play(1.0, brook);
            _stage.Listener.transform.eulerAngles = new Vector3(0f, 180f, 0f);
            float[] left = _stage.Play(1.0, brook);
            Assert.That(Stage.Rms(right, 1, 0.5), Is.GreaterThan(Stage.Rms(right, 0, 0.5)));
            Assert.That(Stage.Rms(left, 0, 0.5), Is.GreaterThan(Stage.Rms(left, 1, 0.5)));
            Assert.That(
                Stage.Db(Stage.Rms(left, -1, 0.5) / Stage.Rms(right, -1, 0.5)), Is.EqualTo(0.0).Within(3.0));
        }

        [Test]
        public void AParameterIsHeard()
        {
            RoomtoneScene yard = _stage.Open("yard");
            double before = Stage.Rms(_stage.Play(0.5, yard));
            Assert.That(yard.Get("rain"), Is.EqualTo(0.6f).Within(1e-6));
            yard.Set("rain", 0f);
            Assert.That(yard.Get("rain"), Is.EqualTo(0f));
            _stage.Play(1.0, yard);
            Assert.That(Stage.Rms(_stage.Play(0.5, yard)), Is.LessThan(0.5 * before));
            yard.Morph("storm", 0.2f);
            _stage.Play(1.0, yard);
            Assert.That(Stage.Rms(_stage.Play(0.5, yard)), Is.GreaterThan(before));
            Assert.That(float.IsNaN(yard.Get("rian")), Is.True);
        }

        [Test]
        public void AParameterThatDoesNotExistIsToldWithoutAnException()
        {
            RoomtoneScene yard = _stage.Open("yard");
            List<Error> errors = new List<Error>();
            _stage.Daemon.Erred += errors.Add;
            yard.Set("rian", 1f);
            _stage.Until(() => errors.Count > 0, "the refusal is told");
            Assert.That(errors[0].Code, Is.EqualTo("request.unknown-parameter"));
        }

        [Test]
        public void WordsBecomeALayerThatSoundsAtOnceAndSaysWhereItComesFrom()
        {
            RoomtoneScene yard = _stage.Open("yard", scene => scene.MakesLayers = false);
            List<LayerSource> sources = new List<LayerSource>();
            RoomtoneLayer rain = yard.Request("steady rain on leaves", new Vector3(2f, 0f, 0f));
            rain.SourceChanged += sources.Add;
            _stage.Until(() => rain.Layer != null && yard.Scene.IsBuffered, "the layer is there");
            Assert.That(Stage.Rms(_stage.Play(0.5, yard)), Is.GreaterThan(0.001));
            Assert.That(sources, Is.EqualTo(new[] { LayerSource.StandIn }));
            Assert.That(rain.SourceReason, Is.EqualTo("no-model"));
            Assert.That(rain.Prompt, Is.EqualTo("steady rain on leaves"));
            Assert.That(rain.transform.position.x, Is.EqualTo(2f));
            Assert.That(yard.Layers.Count, Is.EqualTo(1));
        }

        [Test]
        public void WordsBecomeTheModelsAndItIsToldWhenThatIsHeard()
        {
            StubEngine.Destroy(_stage.Daemon.gameObject);
            Stage.MakeDaemon(
                Environment.GetEnvironmentVariable("ROOMTONE_TEST_MODEL_TOKEN"),
                Environment.GetEnvironmentVariable("ROOMTONE_TEST_MODEL_ENDPOINT"));
            RoomtoneScene yard = _stage.Open("yard", scene => scene.MakesLayers = false);
            List<string> told = new List<string>();
            RoomtoneLayer roof = yard.Request("light rain on a tin roof");
            roof.SourceChanged += source => told.Add(source.ToString());
            roof.Generated += () => told.Add("generated");
            _stage.Until(() => roof.Layer != null && yard.Scene.IsBuffered, "the layer is there");
            Assert.That(Stage.Rms(_stage.Play(0.2, yard)), Is.GreaterThan(0.001), "it sounds at once");
            Stopwatch watch = Stopwatch.StartNew();
            while (!told.Contains("generated") && watch.Elapsed.TotalSeconds < 30.0)
            {
                Assert.That(Stage.Rms(_stage.Play(0.1, yard)), Is.GreaterThan(0.0003), "it goes on");
            }

            Assert.That(told, Is.EqualTo(new[] { "StandIn", "Exact", "generated" }));
            Assert.That(roof.Source, Is.EqualTo(LayerSource.Exact));
            Assert.That(yard.Scene.Underruns, Is.EqualTo(0));
            Assert.That(_stage.Complaints, Is.Empty);
        }

        [Test]
        public void ADesignerMayWriteWordsInPlaceOfALayerAndTheyMoveWithTheObject()
        {
            RoomtoneScene yard = _stage.Open("yard", scene => scene.MakesLayers = false);
            GameObject cart = new GameObject("cart");
            cart.SetActive(false);
            cart.transform.SetParent(yard.transform);
            cart.transform.position = new Vector3(-4f, 0f, 0f);
            RoomtoneLayer layer = cart.AddComponent<RoomtoneLayer>();
            layer.BeRequested("steady rain", 1f, 30f, 0f);
            layer.Place = RoomtonePlace.Transform;
            cart.SetActive(true);
            _stage.UntilPlays(yard);
            float[] left = _stage.Play(0.4, yard);
            Assert.That(layer.Layer.Placement.AtM.X, Is.EqualTo(-4.0));
            cart.transform.position = new Vector3(4f, 0f, 0f);
            float[] right = _stage.Play(0.4, yard);
            Assert.That(Stage.Rms(left, 0, 0.3), Is.GreaterThan(1.5 * Stage.Rms(left, 1, 0.3)));
            Assert.That(Stage.Rms(right, 1, 0.3), Is.GreaterThan(1.5 * Stage.Rms(right, 0, 0.3)));
        }

        [Test]
        public void WordsThatCannotBeReadAreRefusedInWords()
        {
            RoomtoneScene yard = _stage.Open("yard");
            RoomtoneLayer layer = yard.Request("{nobody: a|b}");
            _stage.Until(() => layer.Trouble.Length > 0, "it is refused");
            Assert.That(layer.Trouble, Is.StringContaining("nobody"));
        }

        [Test]
        public void ASceneThatNobodyHearsStandsStillAndIsThereAtOnceWhenItIsHeard([Values(false, true)] bool callsBack)
        {
            StubEngine.CallsForStoppedSources = callsBack;
            RoomtoneScene yard = _stage.Open("yard");
            _stage.Play(0.3, yard);
            yard.Level = 0f;
            _stage.Play(0.1, yard);
            long stands = yard.Scene.PositionFrame;
            Assert.That(_stage.Play(1.0, yard), Is.All.EqualTo(0f));
            Assert.That(yard.Scene.PositionFrame, Is.EqualTo(stands));
            yard.Level = 1f;
            Assert.That(Stage.Rms(_stage.Play(0.2, yard)), Is.GreaterThan(0.003));
            Assert.That(yard.Scene.Underruns, Is.EqualTo(0));
        }

        [Test]
        public void ALayerThatIsNotOfTheSceneSaysSo()
        {
            RoomtoneScene yard = _stage.Open("yard");
            RoomtoneLayer stray = new GameObject("stray").AddComponent<RoomtoneLayer>();
            Assert.That(stray.Trouble, Is.StringContaining("needs a scene"));
            GameObject wrong = new GameObject("wrong");
            wrong.SetActive(false);
            RoomtoneLayer named = wrong.AddComponent<RoomtoneLayer>();
            named.Scene = yard;
            named.LayerName = "strete";
            wrong.SetActive(true);
            _stage.Until(() => named.Trouble.Length > 0, "it says so");
            Assert.That(named.Trouble, Is.StringContaining("strete"));
        }

        [Test]
        public void ALayerThatPlaysAlreadySaysSoAndDisturbsNobody()
        {
            RoomtoneScene yard = _stage.Open("yard");
            GameObject second = new GameObject("second");
            second.SetActive(false);
            RoomtoneLayer layer = second.AddComponent<RoomtoneLayer>();
            layer.Scene = yard;
            layer.LayerName = "street";
            second.SetActive(true);
            _stage.Until(() => layer.Trouble.Length > 0, "it says so");
            Assert.That(layer.Trouble, Is.StringContaining("layer.already-open"));
            Assert.That(Stage.Rms(_stage.Play(0.3, yard)), Is.GreaterThan(0.003));
        }

        [Test]
        public void ASceneThatDoesNotExistSaysSoOnce()
        {
            List<string> failures = new List<string>();
            RoomtoneScene lost = _stage.Make("yrad");
            lost.Failed += failures.Add;
            _stage.Until(() => failures.Count > 0, "it fails");
            Assert.That(lost.Trouble, Is.StringContaining("request.unknown-scene"));
            for (int i = 0; i < 500; i++)
            {
                StubEngine.Update(0.02f);
            }

            Assert.That(failures.Count, Is.EqualTo(1));
        }

        [Test]
        public void ALayerMayStandWhereTheDesignerPutsIt()
        {
            RoomtoneScene yard = _stage.Open("brook", scene => scene.MakesLayers = false);
            GameObject placed = new GameObject("placed");
            placed.SetActive(false);
            placed.transform.SetParent(yard.transform);
            placed.transform.position = new Vector3(-5f, 0f, 0f);
            RoomtoneLayer layer = placed.AddComponent<RoomtoneLayer>();
            layer.LayerName = "brook";
            layer.Place = RoomtonePlace.Transform;
            placed.SetActive(true);
            _stage.UntilPlays(yard);
            float[] heard = _stage.Play(0.5, yard);
            Assert.That(layer.transform.position.x, Is.EqualTo(-5f));
            Assert.That(Stage.Rms(heard, 0, 0.3), Is.GreaterThan(1.5 * Stage.Rms(heard, 1, 0.3)));
        }

        [Test]
        public void AScatteredLayerIsWhereItsLastEventSounded()
        {
            RoomtoneScene sky = _stage.Open("sky");
            RoomtoneLayer thunder = LayerOf(sky, "thunder");
            _stage.Listener.transform.position = new Vector3(100f, 0f, 0f);
            for (int i = 0; i < 12 && thunder.Layer.OffsetM.Length == 0.0; i++)
            {
                _stage.Play(0.5, sky);
            }

            _stage.Play(0.02, sky);
            Vector offset = thunder.Layer.OffsetM;
            Assert.That(offset.Length, Is.GreaterThan(10.0));
            Assert.That(thunder.transform.position.x, Is.EqualTo(100.0 + offset.X).Within(1e-3));
            Assert.That(thunder.transform.position.z, Is.EqualTo(-offset.Z).Within(1e-3));
        }
    }
}
