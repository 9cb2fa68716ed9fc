using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading;
using NUnit.Framework;
using Roomtone.Wire;
using UnityEngine;

namespace Roomtone.Components.Tests
{
    /// <summary>Whatever the engine does, no thread and no socket is left behind, and what should sound sounds.</summary>
    [TestFixture]
    public sealed class LifecycleTests
    {
        private const string Sockets = "/proc/self/net/tcp";

        private Stage _stage;
        private Client _witness;

        [SetUp]
        public void SetUp()
        {
            _stage = new Stage();
            _witness = Client.Connect(Stage.Endpoint, Stage.Token);
        }

        [TearDown]
        public void TearDown()
        {
            StubEngine.Reset();
            _witness.Close();
        }

        /// <summary>Waits until the daemon has no session but the witness's, and nobody else a connection to it.</summary>
        private void NothingIsLeft(Client client)
        {
            Assert.That(client.IsAlive, Is.False);
            Stopwatch watch = Stopwatch.StartNew();
            while (_witness.DaemonStats().Clients != 1 || Connections() > 1)
            {
                Assert.That(watch.Elapsed.TotalSeconds, Is.LessThan(5.0), "a session or a socket is left");
                Thread.Sleep(10);
            }
        }

        private static int Connections()
        {
            int port = Roomtone.Endpoint.Parse(Stage.Endpoint).Port;
            string theirs = ":" + port.ToString("X4") + " 01 ";
            int count = 0;
            foreach (string line in File.Exists(Sockets) ? File.ReadAllLines(Sockets) : new string[0])
            {
                count += line.Contains(theirs) ? 1 : 0;
            }

            return count;
        }

        [Test]
        public void TheMeasuresSeeWhatIsThere()
        {
            _stage.Open("yard");
            Assert.That(_witness.DaemonStats().Clients, Is.EqualTo(2));
            Assert.That(Connections(), Is.EqualTo(File.Exists(Sockets) ? 2 : 0));
            Assert.That(_stage.Daemon.Client.IsAlive, Is.True);
        }

        [Test]
        public void ADaemonThatIsDisabledLeavesNothingAndComesBack()
        {
            RoomtoneScene yard = _stage.Open("yard");
            _stage.Play(0.2, yard);
            Client client = _stage.Daemon.Client;
            _stage.Daemon.enabled = false;
            StubEngine.Update(0.01f);
            NothingIsLeft(client);
            Assert.That(_stage.Play(0.2), Is.All.EqualTo(0f));
            Assert.That(yard.IsOpen, Is.False);
            _stage.Daemon.enabled = true;
            _stage.UntilPlays(yard);
            Assert.That(Stage.Rms(_stage.Play(0.5, yard)), Is.GreaterThan(0.003));
        }

        [Test]
        public void ASceneThatIsDisabledIsClosedAtTheDaemonAndComesBack()
        {
            RoomtoneScene yard = _stage.Open("yard");
            _stage.Play(0.2, yard);
            yard.Set("rain", 0.9f);
            _stage.Play(0.1, yard);
            yard.enabled = false;
            _stage.Until(() => _witness.DaemonStats().StreamsTotal == 0, "its streams are closed");
            Assert.That(_stage.Play(0.1), Is.All.EqualTo(0f));
            yard.enabled = true;
            _stage.UntilPlays(yard);
            Assert.That(yard.Get("rain"), Is.EqualTo(0.9f));
            Assert.That(yard.Layers.Count, Is.EqualTo(2));
            Assert.That(Stage.Rms(_stage.Play(0.5, yard)), Is.GreaterThan(0.003));
        }

        [Test]
        public void ASceneThatIsDisabledWhileItOpensIsClosedToo()
        {
            RoomtoneScene yard = _stage.Make("yard");
            _stage.Until(() => _stage.Daemon.IsConnected, "the daemon is there");
            StubEngine.Update(0.01f);
            yard.enabled = false;
            StubEngine.Update(0.01f);
            using (Client late = Client.Connect(Stage.Endpoint, Stage.Token))
            {
                _stage.Until(() => late.DaemonStats().StreamsTotal == 0, "nothing plays");
            }

            Assert.That(_stage.Complaints, Is.Empty);
        }

        [Test]
        public void AReloadOfTheDomainLeavesNothingAndAllIsBuiltAgain()
        {
            RoomtoneScene yard = _stage.Open("yard");
            yard.Request("steady rain");
            _stage.UntilPlays(yard);
            _stage.Play(0.2, yard);
            Client before = _stage.Daemon.Client;
            StubEngine.ReloadDomain(() =>
            {
                RoomtoneDaemon.CloseAll();
                NothingIsLeft(before);
            });
            Assert.That(before.IsAlive, Is.False);
            _stage.UntilPlays(yard);
            Assert.That(_stage.Daemon.Client, Is.Not.SameAs(before));
            Assert.That(Stage.Rms(_stage.Play(0.5, yard)), Is.GreaterThan(0.003));
            Assert.That(yard.Layers.Count, Is.EqualTo(3));
            // The daemon may find the time to say that nobody here can make what was asked for in words.
            _stage.Complaints.RemoveAll(line => line.Contains("[model.none]"));
            Assert.That(_stage.Complaints, Is.Empty);
        }

        [Test]
        public void PlayModeWithoutAReloadOfTheDomainBeginsAfresh()
        {
            RoomtoneScene yard = _stage.Open("yard");
            Client before = _stage.Daemon.Client;
            StubEngine.BeginWithoutReload(typeof(RoomtoneDaemon), typeof(RoomtoneZone));
            NothingIsLeft(before);
            Assert.That(RoomtoneDaemon.Current, Is.Null);
            Assert.That(yard.Scene.IsOpen, Is.True);
        }

        [Test]
        public void QuittingLeavesNothing()
        {
            _stage.Play(0.2, _stage.Open("yard"));
            Client client = _stage.Daemon.Client;
            StubEngine.Quit();
            NothingIsLeft(client);
            Assert.That(RoomtoneDaemon.Current, Is.Null);
            Assert.That(AudioSettings.StubHasListeners, Is.False);
        }

        [Test]
        public void LoadingAnotherSceneClosesItsScenesAndKeepsTheConnection()
        {
            _stage.Play(0.2, _stage.Open("yard"));
            Client client = _stage.Daemon.Client;
            StubEngine.LoadAnotherScene();
            _stage.Until(() => _witness.DaemonStats().StreamsTotal == 0, "its streams are closed");
            Assert.That(client.IsConnected, Is.True);
            Assert.That(RoomtoneDaemon.Current, Is.SameAs(_stage.Daemon));
            new GameObject("Listener").AddComponent<AudioListener>();
            RoomtoneScene next = _stage.Open("brook");
            Assert.That(next.Scene.Name, Is.EqualTo("brook"));
            Assert.That(_stage.Complaints, Is.Empty);
        }

        [Test]
        public void APausedGamesTimeStandsStillAndGoesOnWhereItWas([Values(false, true)] bool callsBack)
        {
            StubEngine.CallsForStoppedSources = callsBack;
            RoomtoneScene yard = _stage.Open("yard");
            _stage.Play(0.2, yard);
            long stands = yard.Scene.PositionFrame;
            AudioListener.pause = true;
            for (int i = 0; i < 100; i++)
            {
                StubEngine.Update(0.01f);
                StubEngine.Mix(Stage.Turn);
                Thread.Sleep(1);
            }

            Assert.That(yard.Scene.PositionFrame, Is.EqualTo(stands));
            AudioListener.pause = false;
            _stage.Play(0.2, yard);
            Assert.That(yard.Scene.PositionFrame, Is.EqualTo(stands + 9600));
            Assert.That(yard.Scene.Underruns, Is.EqualTo(0));
        }

        [TestCase(44100)]
        [TestCase(96000)]
        public void ADeviceThatChangesIsFollowed(int rateHz)
        {
            RoomtoneScene yard = _stage.Open("yard");
            double usual = Stage.Rms(_stage.Play(0.5, yard), -1, 0.2);
            StubEngine.ChangeDevice(rateHz);
            double other = Stage.Rms(_stage.Play(0.5, yard), -1, 0.2);
            StubEngine.ChangeDevice(48000);
            double again = Stage.Rms(_stage.Play(0.5, yard), -1, 0.2);
            Assert.That(Stage.Db(other / usual), Is.EqualTo(0.0).Within(3.0));
            Assert.That(Stage.Db(again / usual), Is.EqualTo(0.0).Within(3.0));
            Assert.That(_stage.Complaints, Is.Empty);
        }

        [Test]
        public void AWrongTokenIsToldOnceInWords()
        {
            StubEngine.Destroy(_stage.Daemon.gameObject);
            RoomtoneDaemon daemon = Stage.MakeDaemon("nonsense");
            List<RoomtoneException> refusals = new List<RoomtoneException>();
            daemon.Refused += refusals.Add;
            _stage.Until(() => refusals.Count > 0, "it is told");
            for (int i = 0; i < 50; i++)
            {
                StubEngine.Update(0.01f);
            }

            Assert.That(refusals.Count, Is.EqualTo(1));
            Assert.That(refusals[0].Code, Is.EqualTo("session.bad-token"));
            Assert.That(daemon.Trouble, Is.StringContaining("token"));
        }

        [Test]
        public void AnEndpointThatIsNoneIsToldInWords()
        {
            StubEngine.Destroy(_stage.Daemon.gameObject);
            RoomtoneDaemon daemon = Stage.MakeDaemon("", "localhost");
            StubEngine.Update(0.01f);
            Assert.That(daemon.Trouble, Is.StringContaining("settings.bad-endpoint"));
            Assert.That(_stage.Complaints[0], Is.StringContaining("tcp://127.0.0.1:5570"));
        }

        [Test]
        public void ADaemonThatIsNotThereIsWaitedForAndNamed()
        {
            StubEngine.Destroy(_stage.Daemon.gameObject);
            RoomtoneDaemon daemon = Stage.MakeDaemon("", "tcp://127.0.0.1:9");
            RoomtoneScene yard = _stage.Make("yard");
            _stage.Until(() => daemon.Trouble.Length > 0, "it is named");
            Assert.That(daemon.Trouble, Is.StringContaining("cannot connect"));
            Assert.That(yard.IsOpen, Is.False);
            Assert.That(_stage.Play(0.1), Is.All.EqualTo(0f));
        }

        [Test]
        public void ASceneThatFindsNoDaemonMakesOne()
        {
            StubEngine.Destroy(_stage.Daemon.gameObject);
            _stage.Make("yard");
            Assert.That(RoomtoneDaemon.Current.name, Is.EqualTo("Roomtone Daemon"));
            Assert.That(RoomtoneDaemon.Current.Endpoint, Is.EqualTo(Client.DefaultEndpoint));
        }

        [Test]
        public void ConnectingIsTold()
        {
            int connected = 0;
            _stage.Daemon.Connected += () => connected++;
            _stage.Until(() => connected > 0, "it is told");
            _stage.Daemon.Govern(0.5f);
            StubEngine.Update(0.01f);
            Assert.That(connected, Is.EqualTo(1));
            Assert.That(_stage.Daemon.Trouble, Is.Empty);
        }
    }
}
