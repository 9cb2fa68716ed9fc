using System;
using System.Threading;
using NUnit.Framework;
using Roomtone.Inspectors;
using UnityEditor;
using UnityEngine;

namespace Roomtone.Components.Tests
{
    /// <summary>What the editor does around a game.</summary>
    [TestFixture]
    public sealed class EditorTests
    {
        private static string Command
        {
            get { return Environment.GetEnvironmentVariable("ROOMTONE_TEST_COMMAND"); }
        }

        private static string Scenes
        {
            get { return Environment.GetEnvironmentVariable("ROOMTONE_TEST_SCENES"); }
        }

        private static string FreeEndpoint
        {
            get { return Environment.GetEnvironmentVariable("ROOMTONE_TEST_FREE_ENDPOINT"); }
        }

        [TearDown]
        public void TearDown()
        {
            EditorDaemon.Stop();
            StubEngine.Reset();
        }

        [Test]
        public void ADaemonIsStartedFoundAgainAfterAReloadAndStopped()
        {
            RoomtoneSettings settings = RoomtoneSettings.instance;
            settings.Command = Command;
            settings.ScenesFolder = Scenes;
            settings.Endpoint = FreeEndpoint;
            settings.Token = "of the editor";
            EditorDaemon.Start();
            Assert.That(EditorDaemon.Trouble, Is.Empty);
            using (Client client = Client.Connect(FreeEndpoint, "of the editor", timeoutS: 30.0))
            {
                Assert.That(client.Scenes, Has.Member("yard"));
                DaemonProcess found = DaemonProcess.Find(SessionState.GetString("Roomtone.Daemon", ""));
                Assert.That(found.IsRunning, Is.True);
                EditorDaemon.Stop();
                Assert.That(EditorDaemon.IsRunning, Is.False);
                Assert.That(found.IsRunning, Is.False);
            }
        }

        [Test]
        public void WhatKeepsADaemonFromStartingIsSaid()
        {
            RoomtoneSettings.instance.Command = "/no/such/roomtone";
            RoomtoneSettings.instance.ScenesFolder = Scenes;
            EditorDaemon.Start();
            Assert.That(EditorDaemon.Trouble, Is.StringContaining("settings.command"));
            RoomtoneSettings.instance.ScenesFolder = "/no/such/folder";
            EditorDaemon.Start();
            Assert.That(EditorDaemon.Trouble, Is.StringContaining("settings.scenes"));
            Assert.That(EditorDaemon.IsRunning, Is.False);
        }

        [TestCase("")]
        [TestCase("nonsense")]
        [TestCase("1:0")]
        [TestCase("999999999:1")]
        public void NoOtherProcessIsTakenForTheDaemon(string name)
        {
            Assert.That(DaemonProcess.Find(name), Is.Null);
        }

        [Test]
        public void NoConnectionOutlivesPlayModeOrAReload()
        {
            System.Runtime.CompilerServices.RuntimeHelpers.RunClassConstructor(typeof(EditorHooks).TypeHandle);
            Action[] ends =
            {
                AssemblyReloadEvents.StubReload,
                () => EditorApplication.StubChange(PlayModeStateChange.EnteredEditMode),
                EditorApplication.StubQuit,
            };
            foreach (Action end in ends)
            {
                Stage stage = new Stage();
                stage.Until(() => stage.Daemon.IsConnected, "it is connected");
                Client client = stage.Daemon.Client;
                end();
                Assert.That(client.IsAlive, Is.False);
            }
        }

        [Test]
        public void InspectorsAndWindowDrawWhatPlays()
        {
            Stage stage = new Stage();
            RoomtoneScene yard = stage.Open("yard");
            stage.Play(0.1, yard);
            EditorApplication.isPlaying = true;
            RoomtoneSceneInspector.Live(yard);
            RoomtoneDaemonInspector.Status(stage.Daemon);
            foreach (RoomtoneLayer layer in yard.Layers)
            {
                new RoomtoneLayerInspector { target = layer }.OnInspectorGUI();
            }

            new RoomtoneSceneInspector { target = yard }.OnInspectorGUI();
            new RoomtoneDaemonInspector { target = stage.Daemon }.OnInspectorGUI();
            RoomtoneSettingsProvider.Make().OnGUI("");
            EditorApplication.isPlaying = false;
        }
    }
}
