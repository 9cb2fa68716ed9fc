using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Reflection;
using Roomtone.Components.Tests;
using Roomtone.Tests;
using UnityEngine;

namespace Roomtone.Bench
{
    /// <summary>What the package costs a game: a line of name and microseconds each.</summary>
    internal static class Bench
    {
        private const int Frames = 1024;
        private const int Turns = 4000;
        private const int Layers = 16;

        private static void Main()
        {
            Say("callback_stereo_us", Callback(2, 48000, gaps: false));
            Say("callback_mono_us", Callback(1, 48000, gaps: false));
            Say("callback_stereo_concealed_us", Callback(2, 48000, gaps: true));
            Say("callback_stereo_44100_us", Callback(2, 44100, gaps: false));
            Say("callback_mono_44100_us", Callback(1, 44100, gaps: false));
            Say("receive_block_16_stereo_us", Receive());
            Frame();
        }

        /// <summary>One callback of one layer, 1024 frames; with gaps, half of the time is concealed.</summary>
        private static double Callback(int channels, int rateHz, bool gaps)
        {
            Scenery scenery = new Scenery(channels);
            scenery.Clock.Retune(rateHz);
            scenery.Voices[0].Retune();
            float[] data = new float[2 * Frames];
            List<double> tookUs = new List<double>(Turns);
            for (int turn = 0; turn < Turns; turn++)
            {
                long gap = scenery.Playback.PositionFrame / 96000 * 96000;
                scenery.Send(gaps ? gap + 48000 : long.MaxValue, gap + 96000);
                for (int i = 0; i < data.Length; i++)
                {
                    data[i] = 1f;
                }

                tookUs.Add(Us(() => scenery.Voices[0].Multiply(data, 2, turn)));
            }

            return Median(tookUs);
        }

        /// <summary>One block of sixteen stereo layers, from the header's bytes to the rings.</summary>
        private static double Receive()
        {
            Scenery scenery = new Scenery(2, Layers);
            List<double> tookUs = new List<double>(Turns);
            scenery.Send();
            for (int turn = 0; turn < Turns; turn++)
            {
                scenery.Playback.Pass(480);
                tookUs.Add(Us(() => scenery.Send()));
            }

            return Median(tookUs);
        }

        /// <summary>One frame of the game's main thread, with a scene of sixteen layers that is steered in every frame.</summary>
        private static void Frame()
        {
            Stage stage = new Stage();
            Components.RoomtoneScene scene = stage.Open("crowded");
            Action[] parts =
            {
                Of(stage.Daemon, "Update"), Of(scene, "Update"), Of(scene, "LateUpdate"), Of(stage.Daemon, "LateUpdate"),
            };
            List<double> tookUs = new List<double>(Turns);
            List<double> bytes = new List<double>(Turns);
            for (int frame = 0; frame < Turns; frame++)
            {
                float rain = 0.5f + (0.5f * (float)Math.Sin(frame * 0.01));
                long before = GC.GetAllocatedBytesForCurrentThread();
                tookUs.Add(Us(() =>
                {
                    scene.Set("rain", rain);
                    Array.ForEach(parts, part => part());
                }));
                bytes.Add(GC.GetAllocatedBytesForCurrentThread() - before);
                if (frame % 4 == 0)
                {
                    System.Threading.Thread.Sleep(1);
                }
            }

            Say("main_thread_frame_16_us", Median(tookUs));
            Say("main_thread_frame_16_bytes", Median(bytes));
            StubEngine.Reset();
        }

        private static double Us(Action action)
        {
            long started = Stopwatch.GetTimestamp();
            action();
            return (Stopwatch.GetTimestamp() - started) * 1e6 / Stopwatch.Frequency;
        }

        /// <summary>Of several thousand, on a machine that others use too.</summary>
        private static double Median(List<double> values)
        {
            values.Sort();
            return values[values.Count / 2];
        }

        private static Action Of(object script, string message)
        {
            MethodInfo method = script.GetType().GetMethod(message, BindingFlags.Instance | BindingFlags.NonPublic);
            return (Action)Delegate.CreateDelegate(typeof(Action), script, method);
        }

        private static void Say(string name, double value)
        {
            Console.WriteLine(name + " " + value.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture));
        }
    }
}
