using System;
using System.Collections.Generic;
using System.Text;
using System.Threading.Tasks;
using Roomtone.Wire;

namespace Roomtone
{
    /// <summary>A connection to a daemon that heals itself. Any thread may call anything here; close it.</summary>
    public sealed class Client : IDisposable
    {
        /// <summary>Where a daemon listens by default.</summary>
        public const string DefaultEndpoint = "tcp://127.0.0.1:5570";

        /// <summary>How much is kept buffered by default.</summary>
        public const double DefaultAheadMs = 60.0;

        private const string DefaultName = "roomtone-unity 0.1.0";

        private readonly ClientSession _session;
        private readonly double _aheadMs;
        private int _scenesOpened;

        private Client(ClientSession session, double aheadMs)
        {
            _session = session;
            _aheadMs = aheadMs;
        }

        /// <summary>Names that can be opened, as of the last welcome.</summary>
        public IReadOnlyList<string> Scenes
        {
            get { return _session.Welcome == null ? new string[0] : _session.Welcome.Scenes; }
        }

        /// <summary>Whether the daemon is there right now.</summary>
        public bool IsConnected
        {
            get { return _session.IsConnected; }
        }

        /// <summary>Whether the client goes on trying: not once it is closed or the daemon has refused it for good.</summary>
        public bool IsAlive
        {
            get { return _session.Connection.IsAlive; }
        }

        /// <summary>Why the daemon will have nothing to do with this client; null if it has not said so.</summary>
        public RoomtoneException Refusal
        {
            get { return _session.Connection.Refusal; }
        }

        /// <summary>What was wrong with the last attempt to connect; empty while all is well.</summary>
        public string Trouble
        {
            get { return _session.Connection.Trouble; }
        }

        /// <summary>The daemon's name and version; empty before the first welcome.</summary>
        public string Server
        {
            get { return _session.Welcome == null ? "" : _session.Welcome.Server; }
        }

        /// <summary>Begins to connect without waiting: it goes on trying until a daemon is there.</summary>
        /// <param name="endpoint">Where it listens.</param>
        /// <param name="token">Its access token, where it has one.</param>
        /// <param name="aheadMs">How much to keep buffered; less is heard sooner, more survives longer hiccups.</param>
        /// <param name="timeoutS">How long what waits may wait.</param>
        /// <param name="name">What the daemon calls this client in its log.</param>
        /// <exception cref="SettingsException">
        /// <c>settings.bad-endpoint</c>, <c>settings.ahead</c>, <c>settings.long-token</c>.
        /// </exception>
        public static Client Begin(
            string endpoint = DefaultEndpoint,
            string token = "",
            double aheadMs = DefaultAheadMs,
            double timeoutS = 5.0,
            string name = DefaultName)
        {
            if (!(aheadMs >= 0.0 && aheadMs <= 10000.0))
            {
                throw new SettingsException(
                    "settings.ahead", aheadMs + " ms cannot be kept buffered", "aheadMs", "ask for 0 to 10000 ms");
            }

            if (Encoding.UTF8.GetByteCount(token) > Limits.MaxLabelBytes)
            {
                throw new SettingsException(
                    "settings.long-token", "a token has at most 256 bytes", "token", "take the daemon's own");
            }

            ClientSession session = new ClientSession(
                Endpoint.Parse(endpoint), name, token, timeoutS, MonotonicClock.NowS);
            session.Connection.Start();
            return new Client(session, aheadMs);
        }

        /// <summary>Connects to a daemon and waits for its welcome.</summary>
        /// <exception cref="ConnectionLostException"><c>connection.unreachable</c>.</exception>
        /// <exception cref="WireException">The daemon refused: <c>session.bad-token</c>, …</exception>
        /// <exception cref="SettingsException"><c>settings.bad-endpoint</c>, <c>settings.ahead</c>.</exception>
        public static Client Connect(
            string endpoint = DefaultEndpoint,
            string token = "",
            double aheadMs = DefaultAheadMs,
            double timeoutS = 5.0,
            string name = DefaultName)
        {
            Client client = Begin(endpoint, token, aheadMs, timeoutS, name);
            client._session.WaitForWelcome();
            return client;
        }

        /// <summary>Opens a scene and waits for the answer.</summary>
        /// <param name="name">One of <see cref="Scenes"/>.</param>
        /// <param name="seed">In place of the file's own; the same seed gives the same samples.</param>
        /// <param name="firstFrame">Where its clock starts, a multiple of 480.</param>
        /// <param name="values">Parameters that start elsewhere than at their default.</param>
        /// <exception cref="WireException"><c>request.unknown-scene</c>, or what is wrong in the scene's file.</exception>
        public Scene OpenScene(
            string name, long? seed = null, long firstFrame = 0, IReadOnlyDictionary<string, double> values = null)
        {
            return Ask(new OpenScene(_session.Connection.NextId(), name, seed, firstFrame, values)).Wait();
        }

        /// <summary>Opens a scene without waiting.</summary>
        public Task<Scene> OpenSceneAsync(
            string name, long? seed = null, long firstFrame = 0, IReadOnlyDictionary<string, double> values = null)
        {
            return Ask(new OpenScene(_session.Connection.NextId(), name, seed, firstFrame, values)).Task;
        }

        /// <summary>Takes, oldest first, what has happened since this was last asked; never waits.</summary>
        public IEnumerable<IEvent> Events()
        {
            while (TakeEvent(out IEvent happened))
            {
                yield return happened;
            }
        }

        /// <summary>Takes the oldest of what has happened; false when there is nothing new. Never waits.</summary>
        public bool TakeEvent(out IEvent happened)
        {
            return _session.Events.Take(out happened);
        }

        /// <summary>Says how well this client is being served.</summary>
        public ClientStats Stats()
        {
            long frames = 0;
            long underruns = 0;
            long concealedFrames = 0;
            long lateBlocks = 0;
            foreach (SceneRecord record in _session.Records)
            {
                frames += record.Playback.Counters.Frames;
                underruns += record.Playback.Counters.Underruns;
                concealedFrames += record.Playback.Counters.ConcealedFrames;
                lateBlocks += record.Playback.Counters.LateBlocks;
            }

            return new ClientStats(
                IsConnected,
                frames,
                underruns,
                concealedFrames,
                lateBlocks,
                _session.Reconnects,
                _session.Latencies.ToArray());
        }

        /// <summary>Asks the daemon how it is doing, and waits.</summary>
        public Stats DaemonStats()
        {
            return AskStats().Wait();
        }

        /// <summary>Asks the daemon how it is doing, without waiting.</summary>
        public Task<Stats> DaemonStatsAsync()
        {
            return AskStats().Task;
        }

        /// <summary>Leaves more or less of the processor to the models while the game needs it; never waits.</summary>
        /// <param name="maxShare">Of its time, 0 to 1; 0 pauses them.</param>
        /// <param name="maxVramGb">Of its memory; null sets no limit.</param>
        public void Govern(double maxShare = 1.0, double? maxVramGb = null)
        {
            _session.SetGovernor(new Govern(maxShare, maxVramGb));
        }

        /// <summary>Says goodbye and ends the client's thread.</summary>
        public void Close()
        {
            _session.Connection.Close();
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            Close();
        }

        private Answer<Scene> Ask(OpenScene request)
        {
            return _session.Ask<SceneOpened, Scene>(request, answer => TakeUp(request, answer), AsItIs);
        }

        private Answer<Stats> AskStats()
        {
            return _session.Ask<Stats, Stats>(new GetStats(_session.Connection.NextId()), answer => answer, AsItIs);
        }

        /// <summary>Takes up a scene, on the connection's thread.</summary>
        private Scene TakeUp(OpenScene request, SceneOpened opened)
        {
            long mostFrames = _session.Welcome.MaxAheadFrames / 2;
            int aheadFrames = (int)Math.Min(Math.Round(_aheadMs * Limits.SampleRateHz / 1000.0), mostFrames);
            Chance chance = new Chance(((ulong)(request.Seed ?? 0) << 8) + (ulong)_scenesOpened++);
            Playback playback = new Playback(opened.FirstFrame, aheadFrames, chance, MonotonicClock.NowS);
            Steering steering = new Steering(request.Values, MonotonicClock.NowS);
            SceneRecord record = new SceneRecord(opened, request.Seed, playback, steering);
            _session.Keep(record);
            return new Scene(_session, record);
        }

        private static ClientRequest AsItIs(ClientRequest message)
        {
            return message;
        }
    }
}
