using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Roomtone.Wire;

namespace Roomtone.Runners
{
    /// <summary>Lets a test in another language hold a client: a line with a verb and its arguments in, a line of JSON out.</summary>
    internal sealed class Driver
    {
        private readonly List<Scene> _scenes = new List<Scene>();
        private readonly List<Dictionary<string, Layer>> _layers = new List<Dictionary<string, Layer>>();
        private readonly Dictionary<string, Func<string[], object>> _verbs;
        private Client _client;

        private Driver()
        {
            _verbs = new Dictionary<string, Func<string[], object>>
            {
                { "connect", Connect },
                { "begin", Begin },
                { "open_scene", OpenScene },
                { "open_scene_async", OpenSceneAsync },
                { "open_layer", OpenLayer },
                { "open_layers", OpenLayers },
                { "request", Request },
                { "set", words => SceneOf(words).Set(Values(words[1]), Long(words[2])) },
                { "steer", words => Done(() => SceneOf(words).Steer(Values(words[1]))) },
                { "morph", words => SceneOf(words).Morph(words[1], Double(words[2]), Long(words[3])) },
                { "begin_morph", words => Done(() => SceneOf(words).BeginMorph(words[1], Double(words[2]))) },
                { "listener", Listener },
                { "buffer", words => SceneOf(words).Buffer(Double(words[1])) },
                { "read", words => Samples(SceneOf(words).Read(Int(words[1]), Double(words[2]))) },
                { "read_exact", words => Samples(SceneOf(words).ReadExact(Int(words[1]), Double(words[2]))) },
                { "play", words => Samples(Play(SceneOf(words), Double(words[1]))) },
                { "scene", Describe },
                { "layer", DescribeLayer },
                { "events", Events },
                { "stats", words => Stats() },
                { "daemon_stats", words => Json.Message(_client.DaemonStats()) },
                { "govern", Govern },
                { "close_layer", words => Done(LayerOf(words).Close) },
                { "close_scene", words => Done(SceneOf(words).Close) },
                { "close", words => Done(_client.Close) },
                { "wait", words => Done(() => Thread.Sleep(Int(words[0]))) },
                { "memory", words => Memory() },
            };
        }

        public static void Run(TextReader lines, TextWriter answers)
        {
            Driver driver = new Driver();
            for (string line = lines.ReadLine(); line != null; line = lines.ReadLine())
            {
                answers.WriteLine(Json.Of(driver.Answer(line.Split('\t'))));
                answers.Flush();
            }

            if (driver._client != null)
            {
                driver._client.Close();
            }
        }

        private object Answer(string[] words)
        {
            string[] arguments = new string[words.Length - 1];
            Array.Copy(words, 1, arguments, 0, arguments.Length);
            try
            {
                return Map("ok", _verbs[words[0]](arguments));
            }
            catch (RoomtoneException error)
            {
                string type = error.GetType().Name;
                return Map(
                    "error",
                    Map(
                        "type", type,
                        "code", error.Code,
                        "what", error.What,
                        "at", error.At,
                        "fix", error.Fix,
                        "message", error.Message));
            }
        }

        private object Connect(string[] words)
        {
            _client = Client.Connect(words[0], words[1], Double(words[2]), Double(words[3]));
            return new List<string>(_client.Scenes);
        }

        private object Begin(string[] words)
        {
            _client = Client.Begin(words[0], words[1], Double(words[2]), Double(words[3]));
            return null;
        }

        private object OpenScene(string[] words)
        {
            return Keep(_client.OpenScene(words[0], Seed(words[1]), Long(words[2]), Values(words[3])));
        }

        private object OpenSceneAsync(string[] words)
        {
            Task<Scene> opening = _client.OpenSceneAsync(words[0], Seed(words[1]), Long(words[2]), Values(words[3]));
            return opening.Wait(10000) ? Keep(opening.Result) : null;
        }

        private object Keep(Scene scene)
        {
            _scenes.Add(scene);
            _layers.Add(new Dictionary<string, Layer>());
            return _scenes.Count - 1;
        }

        private object OpenLayer(string[] words)
        {
            SampleFormat format = words[2] == "s16" ? SampleFormat.S16 : SampleFormat.F32;
            _layers[Int(words[0])][words[1]] = SceneOf(words).OpenLayer(words[1], format, Int(words[3]));
            return null;
        }

        private object OpenLayers(string[] words)
        {
            _layers[Int(words[0])] = SceneOf(words).OpenLayers();
            return new List<string>(_layers[Int(words[0])].Keys);
        }

        private object Request(string[] words)
        {
            PlacementInfo placement = words[3].Length == 0
                ? null
                : new PlacementInfo(PlacementKind.Point, new Vector(Double(words[3]), 0.0, 0.0), 1.0, 30.0);
            Layer layer = SceneOf(words).Request(
                words[1], words[2], seconds: 4.0, variations: 2, gainDb: -3.0, placement: placement);
            _layers[Int(words[0])][layer.Name] = layer;
            return layer.Name;
        }

        private object Listener(string[] words)
        {
            SceneOf(words).Listener(new Vector(Double(words[1]), Double(words[2]), Double(words[3])));
            return null;
        }

        /// <summary>Reads in real time, as an audio device would.</summary>
        private static Dictionary<string, float[]> Play(Scene scene, double seconds)
        {
            Dictionary<string, List<float>> heard = new Dictionary<string, List<float>>();
            Stopwatch watch = Stopwatch.StartNew();
            int blocks = (int)Math.Round(seconds * 100.0);
            for (int block = 0; block < blocks; block++)
            {
                foreach (KeyValuePair<string, float[]> layer in scene.Read(Limits.BlockFrames))
                {
                    if (!heard.ContainsKey(layer.Key))
                    {
                        heard[layer.Key] = new List<float>();
                    }

                    heard[layer.Key].AddRange(layer.Value);
                }

                double aheadMs = (10.0 * (block + 1)) - watch.Elapsed.TotalMilliseconds;
                if (aheadMs > 0.0)
                {
                    Thread.Sleep(TimeSpan.FromMilliseconds(aheadMs));
                }
            }

            Dictionary<string, float[]> samples = new Dictionary<string, float[]>();
            foreach (KeyValuePair<string, List<float>> layer in heard)
            {
                samples[layer.Key] = layer.Value.ToArray();
            }

            return samples;
        }

        private object Describe(string[] words)
        {
            Scene scene = SceneOf(words);
            return Map(
                "name", scene.Name,
                "position_frame", scene.PositionFrame,
                "buffered_frames", scene.BufferedFrames,
                "parameters", new List<ParameterInfo>(scene.Parameters.Values),
                "layers", new List<LayerInfo>(scene.Layers.Values),
                "moods", scene.Moods,
                "neighbours", scene.Neighbours);
        }

        private object DescribeLayer(string[] words)
        {
            Layer layer = LayerOf(words);
            return Map(
                "name", layer.Name,
                "channels", layer.Channels,
                "first_frame", layer.FirstFrame,
                "placement", layer.Placement,
                "offset_m", layer.OffsetM,
                "is_open", layer.IsOpen,
                "source", layer.Source == null ? null : Json.Message(layer.Source));
        }

        private object Events(string[] words)
        {
            List<object> events = new List<object>();
            foreach (IEvent happened in _client.Events())
            {
                events.Add(Json.Message(happened));
            }

            return events;
        }

        private object Stats()
        {
            ClientStats stats = _client.Stats();
            return Map(
                "connected", stats.Connected,
                "alive", _client.IsAlive,
                "trouble", _client.Trouble,
                "frames", stats.Frames,
                "underruns", stats.Underruns,
                "concealed_frames", stats.ConcealedFrames,
                "late_blocks", stats.LateBlocks,
                "reconnects", stats.Reconnects,
                "update_latency_s", stats.UpdateLatencyS);
        }

        private object Govern(string[] words)
        {
            _client.Govern(Double(words[0]), words[1].Length == 0 ? (double?)null : Double(words[1]));
            return null;
        }

        private static object Memory()
        {
            using (Process process = Process.GetCurrentProcess())
            {
                return Map(
                    "managed_bytes", GC.GetTotalMemory(true),
                    "collections", GC.CollectionCount(0),
                    "threads", process.Threads.Count);
            }
        }

        private static object Samples(Dictionary<string, float[]> heard)
        {
            Dictionary<string, object> samples = new Dictionary<string, object>();
            foreach (KeyValuePair<string, float[]> layer in heard)
            {
                byte[] bytes = new byte[4 * layer.Value.Length];
                Buffer.BlockCopy(layer.Value, 0, bytes, 0, bytes.Length);
                samples[layer.Key] = Convert.ToBase64String(bytes);
            }

            return samples;
        }

        private Scene SceneOf(string[] words)
        {
            return _scenes[Int(words[0])];
        }

        private Layer LayerOf(string[] words)
        {
            return _layers[Int(words[0])][words[1]];
        }

        private static object Done(Action action)
        {
            action();
            return null;
        }

        private static Dictionary<string, object> Map(params object[] pairs)
        {
            Dictionary<string, object> map = new Dictionary<string, object>();
            for (int i = 0; i < pairs.Length; i += 2)
            {
                map[(string)pairs[i]] = pairs[i + 1];
            }

            return map;
        }

        private static Dictionary<string, double> Values(string text)
        {
            Dictionary<string, double> values = new Dictionary<string, double>();
            foreach (string pair in text.Split(new[] { ',' }, StringSplitOptions.RemoveEmptyEntries))
            {
                string[] parts = pair.Split('=');
                values[parts[0]] = Double(parts[1]);
            }

            return values;
        }

        private static long? Seed(string text)
        {
            return text.Length == 0 ? (long?)null : Long(text);
        }

        private static int Int(string text)
        {
            return int.Parse(text, CultureInfo.InvariantCulture);
        }

        private static long Long(string text)
        {
            return long.Parse(text, CultureInfo.InvariantCulture);
        }

        private static double Double(string text)
        {
            return double.Parse(text, CultureInfo.InvariantCulture);
        }
    }
}
