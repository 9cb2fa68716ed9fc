using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Threading;

namespace Roomtone.Runners
{
    /// <summary>
    /// A game in real time: an audio thread that pulls every layer, a main thread that steers sixty times a second, and
    /// the client's own. Says how it went.
    /// </summary>
    internal sealed class Soak
    {
        private const int Frames = 1024;
        private const double FrameS = 1.0 / 60.0;
        private const double WarmUpS = 2.0;

        private readonly Scene _scene;
        private readonly List<LayerVoice> _voices = new List<LayerVoice>();
        private readonly float[] _data = new float[2 * Frames];
        private readonly double _seconds;
        private volatile bool _done;
        private double _callbacksUs;
        private double _longestUs;
        private long _callbacks;
        private long _audioBytes;
        private long _silent;

        private Soak(Scene scene, double seconds)
        {
            _scene = scene;
            _seconds = seconds;
        }

        /// <summary>endpoint, token, scene, seconds, milliseconds of buffer.</summary>
        public static void Run(string[] words, TextWriter answers)
        {
            double seconds = double.Parse(words[3], CultureInfo.InvariantCulture);
            double aheadMs = double.Parse(words[4], CultureInfo.InvariantCulture);
            using (Client client = Client.Connect(words[0], words[1], aheadMs))
            {
                Scene scene = client.OpenScene(words[2], 7);
                Soak soak = new Soak(scene, seconds);
                foreach (Layer layer in scene.OpenLayers().Values)
                {
                    LayerVoice voice = layer.OpenVoice(48000);
                    voice.Aim(Gains.Around(layer.Channels));
                    soak._voices.Add(voice);
                }

                scene.Buffer();
                answers.WriteLine(Json.Of(soak.Play(client)));
            }
        }

        private Dictionary<string, object> Play(Client client)
        {
            Thread audio = new Thread(Pull) { IsBackground = true, Priority = ThreadPriority.Highest };
            Stopwatch watch = Stopwatch.StartNew();
            audio.Start();
            long before = 0;
            long residentBefore = 0;
            for (int frame = 0; watch.Elapsed.TotalSeconds < _seconds + WarmUpS; frame++)
            {
                double rain = 0.5 + (0.5 * Math.Sin(frame * FrameS));
                _scene.Steer("rain", rain);
                foreach (object happened in client.Events())
                {
                    Console.Error.WriteLine(Json.Of(Json.Message(happened)));
                }

                if (before == 0 && watch.Elapsed.TotalSeconds > WarmUpS)
                {
                    before = GC.GetTotalMemory(true);
                    residentBefore = Resident();
                }

                Thread.Sleep(TimeSpan.FromSeconds(FrameS));
            }

            _done = true;
            audio.Join();
            ClientStats stats = client.Stats();
            return new Dictionary<string, object>
            {
                { "layers", _voices.Count },
                { "frames", stats.Frames },
                { "underruns", stats.Underruns },
                { "late_blocks", stats.LateBlocks },
                { "reconnects", stats.Reconnects },
                { "silent_callbacks", _silent },
                { "audio_thread_bytes", _audioBytes },
                { "callback_us", _callbacksUs / Math.Max(1, _callbacks) },
                { "longest_callback_us", _longestUs },
                { "managed_growth_bytes", GC.GetTotalMemory(true) - before },
                { "resident_growth_bytes", Resident() - residentBefore },
                { "update_latency_s", Median(stats.UpdateLatencyS) },
                { "processor_share", ProcessorS() / watch.Elapsed.TotalSeconds },
            };
        }

        private void Pull()
        {
            Stopwatch watch = Stopwatch.StartNew();
            for (long turn = 0; !_done; turn++)
            {
                double aheadS = (turn * Frames / 48000.0) - watch.Elapsed.TotalSeconds;
                if (aheadS > 0.0)
                {
                    Thread.Sleep(TimeSpan.FromSeconds(aheadS));
                }

                foreach (LayerVoice voice in _voices)
                {
                    PullOne(voice, turn, watch);
                }
            }
        }

        private void PullOne(LayerVoice voice, long turn, Stopwatch watch)
        {
            for (int i = 0; i < _data.Length; i++)
            {
                _data[i] = 1f;
            }

            long bytes = GC.GetAllocatedBytesForCurrentThread();
            double startedUs = watch.Elapsed.TotalMilliseconds * 1000.0;
            voice.Multiply(_data, 2, turn);
            double tookUs = (watch.Elapsed.TotalMilliseconds * 1000.0) - startedUs;
            _audioBytes += GC.GetAllocatedBytesForCurrentThread() - bytes;
            _callbacksUs += tookUs;
            _callbacks++;
            _longestUs = Math.Max(_longestUs, tookUs);
            _silent += turn > 100 && voice.LevelDb < -100.0 ? 1 : 0;
        }

        private static double Median(double[] values)
        {
            Array.Sort(values);
            return values.Length == 0 ? 0.0 : values[values.Length / 2];
        }

        private static double ProcessorS()
        {
            using (Process process = Process.GetCurrentProcess())
            {
                return process.TotalProcessorTime.TotalSeconds;
            }
        }

        private static long Resident()
        {
            using (Process process = Process.GetCurrentProcess())
            {
                return process.WorkingSet64;
            }
        }
    }
}
