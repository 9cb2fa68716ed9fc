using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using UnityEngine;

namespace Roomtone.Components.Tests
{
    /// <summary>A game with a listener and a real daemon; it plays as fast as the daemon lets it. One thread.</summary>
    internal sealed class Stage
    {
        public const int Turn = 480;
        private const float FrameS = 0.01f;
        private const double PatienceS = 10.0;

        public Stage()
        {
            StubEngine.Reset();
            StubEngine.BeginWithoutReload(typeof(RoomtoneDaemon), typeof(RoomtoneZone));
            Listener = new GameObject("Listener").AddComponent<AudioListener>();
            Daemon = MakeDaemon(Token);
        }

        public static string Endpoint
        {
            get { return Environment.GetEnvironmentVariable("ROOMTONE_TEST_ENDPOINT"); }
        }

        public static string Token
        {
            get { return Environment.GetEnvironmentVariable("ROOMTONE_TEST_TOKEN"); }
        }

        public AudioListener Listener { get; }

        public RoomtoneDaemon Daemon { get; }

        /// <summary>What was complained about.</summary>
        public List<string> Complaints
        {
            get { return StubEngine.Log; }
        }

        public static RoomtoneDaemon MakeDaemon(string token, string endpoint = null)
        {
            GameObject made = new GameObject("Daemon");
            made.SetActive(false);
            RoomtoneDaemon daemon = made.AddComponent<RoomtoneDaemon>();
            daemon.Endpoint = endpoint ?? Endpoint;
            daemon.Token = token;
            made.SetActive(true);
            return daemon;
        }

        public RoomtoneScene Open(string name, Action<RoomtoneScene> prepare = null)
        {
            RoomtoneScene scene = Make(name, prepare);
            UntilPlays(scene);
            return scene;
        }

        public void UntilPlays(RoomtoneScene scene)
        {
            Until(() => scene.IsOpen && AllPlay(scene), "the scene is open and all its layers play");
        }

        public RoomtoneScene Make(string name, Action<RoomtoneScene> prepare = null)
        {
            GameObject made = new GameObject(name);
            made.SetActive(false);
            RoomtoneScene scene = made.AddComponent<RoomtoneScene>();
            scene.SceneName = name;
            scene.Seed = 9;
            prepare?.Invoke(scene);
            made.SetActive(true);
            return scene;
        }

        /// <summary>Lets the game go on without sound until something is so.</summary>
        public void Until(Func<bool> happened, string what)
        {
            Stopwatch watch = Stopwatch.StartNew();
            while (!happened())
            {
                if (watch.Elapsed.TotalSeconds > PatienceS)
                {
                    throw new TimeoutException(what + "; " + string.Join("; ", StubEngine.Log.ToArray()));
                }

                StubEngine.Update(FrameS);
                Thread.Sleep(1);
            }
        }

        /// <summary>Plays so many seconds of sound, waiting for the daemon where need be.</summary>
        public float[] Play(double seconds, params RoomtoneScene[] scenes)
        {
            int turns = (int)Math.Round(seconds * 48000.0 / Turn);
            float[] heard = new float[2 * Turn * turns];
            for (int turn = 0; turn < turns; turn++)
            {
                StubEngine.Update(FrameS);
                Until(() => Array.TrueForAll(scenes, IsBuffered), "the buffer is full");
                Array.Copy(StubEngine.Mix(Turn), 0, heard, 2 * Turn * turn, 2 * Turn);
            }

            return heard;
        }

        public static double Rms(float[] heard, int side = -1, double fromShare = 0.0)
        {
            double power = 0.0;
            int count = 0;
            for (int i = (int)(fromShare * heard.Length) / 2 * 2; i < heard.Length; i++)
            {
                if (side < 0 || i % 2 == side)
                {
                    power += heard[i] * heard[i];
                    count++;
                }
            }

            return Math.Sqrt(power / count);
        }

        public static double Db(double ratio)
        {
            return 20.0 * Math.Log10(ratio);
        }

        private static bool IsBuffered(RoomtoneScene scene)
        {
            return !scene.IsOpen || scene.Scene.BufferedFrames >= 2 * Turn || !IsHeard(scene);
        }

        private static bool IsHeard(RoomtoneScene scene)
        {
            foreach (RoomtoneLayer layer in scene.Layers)
            {
                if (layer.GetComponent<AudioSource>().isPlaying)
                {
                    return true;
                }
            }

            return scene.Level * scene.ZoneLevel > 0f;
        }

        private static bool AllPlay(RoomtoneScene scene)
        {
            foreach (RoomtoneLayer layer in scene.Layers)
            {
                if (layer.Layer == null)
                {
                    return false;
                }
            }

            return scene.Scene.IsBuffered;
        }
    }
}
