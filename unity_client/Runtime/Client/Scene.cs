using System.Collections.Generic;
using System.Threading.Tasks;
using Roomtone.Wire;

namespace Roomtone
{
    /// <summary>A scene as a game holds it: steer, read, close.</summary>
    /// <remarks>
    /// Any thread may steer; <see cref="Read"/>, <see cref="ReadExact"/> and <see cref="Buffer"/> belong to one reader. A
    /// request that cannot be answered because the daemon is away waits for it, up to the client's timeout; what ends in
    /// Async, <see cref="Steer(IReadOnlyDictionary{string, double})"/>, <see cref="BeginMorph"/> and the reads never do.
    /// </remarks>
    public sealed class Scene
    {
        private readonly SceneRecord _record;
        private readonly SceneRequests _requests;

        internal Scene(ClientSession session, SceneRecord record)
        {
            _record = record;
            _requests = new SceneRequests(session, record);
        }

        // What it is -----------------------------------------------------------------------------------

        /// <summary>Its name among the daemon's scenes.</summary>
        public string Name
        {
            get { return _record.Name; }
        }

        /// <summary>Its number on the wire, by which events name it.</summary>
        public int Handle
        {
            get { return _record.Handle; }
        }

        /// <summary>Whether the client keeps it open, through restarts of the daemon too.</summary>
        public bool IsOpen
        {
            get { return _requests.IsOpen; }
        }

        /// <summary>Every parameter by name; its value is as of when the scene was opened or last edited.</summary>
        public IReadOnlyDictionary<string, ParameterInfo> Parameters
        {
            get { return _record.Parameters; }
        }

        /// <summary>What <see cref="Morph"/> accepts.</summary>
        public IReadOnlyList<string> Moods
        {
            get { return _record.Description.Moods; }
        }

        /// <summary>Every layer that can be opened, by name.</summary>
        public IReadOnlyDictionary<string, LayerInfo> Layers
        {
            get { return _record.Layers; }
        }

        /// <summary>Scenes that are worth opening in advance.</summary>
        public IReadOnlyList<string> Neighbours
        {
            get { return _record.Description.Neighbours; }
        }

        /// <summary>The next frame that will be read.</summary>
        public long PositionFrame
        {
            get { return _record.Playback.PositionFrame; }
        }

        /// <summary>How much is here beyond the position.</summary>
        public long BufferedFrames
        {
            get { return System.Math.Max(0, _record.Playback.ReceivedFrame - PositionFrame); }
        }

        /// <summary>How much is kept here.</summary>
        public int AheadFrames
        {
            get { return _record.Playback.AheadFrames; }
        }

        /// <summary>Gaps that had to be concealed so far.</summary>
        public long Underruns
        {
            get { return _record.Playback.Counters.Underruns; }
        }

        // Layers ---------------------------------------------------------------------------------------

        /// <summary>Opens one layer and waits for the answer.</summary>
        /// <param name="layer">One of <see cref="Layers"/>.</param>
        /// <param name="format">F32, or S16 for half the bytes.</param>
        /// <param name="channels">0 for what the layer has, 1 or 2 to have it converted.</param>
        /// <exception cref="WireException"><c>request.unknown-layer</c>, <c>layer.already-open</c>, …</exception>
        public Layer OpenLayer(string layer, SampleFormat format = SampleFormat.F32, int channels = 0)
        {
            return _requests.OpenLayer(layer, format, channels).Wait();
        }

        /// <summary>Opens one layer without waiting.</summary>
        public Task<Layer> OpenLayerAsync(string layer, SampleFormat format = SampleFormat.F32, int channels = 0)
        {
            return _requests.OpenLayer(layer, format, channels).Task;
        }

        /// <summary>Opens every layer of the scene.</summary>
        public Dictionary<string, Layer> OpenLayers()
        {
            Dictionary<string, Layer> layers = new Dictionary<string, Layer>();
            foreach (LayerInfo info in _record.Description.Layers)
            {
                layers[info.Name] = OpenLayer(info.Name);
            }

            return layers;
        }

        /// <summary>Makes up a name for a layer that is asked for in words.</summary>
        public string NewLayerName()
        {
            return _requests.NewName("");
        }

        /// <summary>
        /// Asks in words for a sound: a layer that sounds at once and becomes the model's when that is ready. Waits for
        /// the answer, not for the model.
        /// </summary>
        /// <param name="prompt">What should be heard, up to 256 bytes; <c>{parameter: one|another}</c> follows the scene.</param>
        /// <param name="layer">Its name; left out, one is made.</param>
        /// <param name="model">An installed model; left out, the daemon's default.</param>
        /// <param name="variations">How many clips are made.</param>
        /// <param name="seconds">How long each is.</param>
        /// <param name="loop">Whether each closes on itself.</param>
        /// <param name="gainDb">Of the layer.</param>
        /// <param name="placement">Where it belongs; null is a bed.</param>
        /// <param name="format">As in <see cref="OpenLayer"/>.</param>
        /// <param name="channels">As in <see cref="OpenLayer"/>.</param>
        /// <exception cref="WireException"><c>request.prompt</c>, <c>request.layer-exists</c>, …; nothing is added.</exception>
        public Layer Request(
            string prompt,
            string layer = "",
            string model = "",
            int variations = 4,
            double seconds = 10.0,
            bool loop = false,
            double gainDb = 0.0,
            PlacementInfo placement = null,
            SampleFormat format = SampleFormat.F32,
            int channels = 0)
        {
            int id = _requests.NextId();
            string name = _requests.NewName(layer);
            Request request = new Request(
                id, Handle, name, prompt, model, variations, seconds, loop, gainDb, placement, format, channels);
            return _requests.Request(request).Wait();
        }

        /// <summary>Asks in words for a sound without waiting.</summary>
        public Task<Layer> RequestAsync(
            string prompt,
            string layer = "",
            string model = "",
            int variations = 4,
            double seconds = 10.0,
            bool loop = false,
            double gainDb = 0.0,
            PlacementInfo placement = null,
            SampleFormat format = SampleFormat.F32,
            int channels = 0)
        {
            int id = _requests.NextId();
            string name = _requests.NewName(layer);
            Request request = new Request(
                id, Handle, name, prompt, model, variations, seconds, loop, gainDb, placement, format, channels);
            return _requests.Request(request).Task;
        }

        // Steering -------------------------------------------------------------------------------------

        /// <summary>Moves parameters, all at once, and waits; returns the frame from which it is heard.</summary>
        /// <exception cref="WireException"><c>request.unknown-parameter</c>, …; nothing is moved.</exception>
        public long Set(IReadOnlyDictionary<string, double> values, long atFrame = 0)
        {
            return _requests.Set(values, atFrame).Wait();
        }

        /// <summary>Moves one parameter and waits; returns the frame from which it is heard.</summary>
        public long Set(string parameter, double value, long atFrame = 0)
        {
            return Set(new Dictionary<string, double> { { parameter, value } }, atFrame);
        }

        /// <summary>Moves parameters without waiting: for a game's frame. A refusal comes as an event.</summary>
        /// <param name="values">Target values by parameter; they must not be changed afterwards.</param>
        public void Steer(IReadOnlyDictionary<string, double> values)
        {
            _requests.Steer(values);
        }

        /// <summary>Moves one parameter without waiting.</summary>
        public void Steer(string parameter, double value)
        {
            Steer(new Dictionary<string, double> { { parameter, value } });
        }

        /// <summary>Moves to a mood over a time, and waits; returns the frame from which it is heard.</summary>
        /// <exception cref="WireException"><c>request.unknown-mood</c>.</exception>
        public long Morph(string mood, double overS, long atFrame = 0)
        {
            return _requests.Morph(mood, overS, atFrame).Wait();
        }

        /// <summary>Moves to a mood without waiting. A refusal comes as an event.</summary>
        public void BeginMorph(string mood, double overS)
        {
            _requests.BeginMorph(mood, overS);
        }

        /// <summary>Says where the listener is, so that layers out of reach need not be rendered. Never waits.</summary>
        public void Listener(Vector atM)
        {
            _requests.Listener(atM);
        }

        /// <summary>Ends the scene and every layer of it, and waits for the answer.</summary>
        public void Close()
        {
            _requests.Close().Wait();
        }

        /// <summary>Ends the scene without waiting.</summary>
        public Task CloseAsync()
        {
            return _requests.Close().Task;
        }

        // Reading --------------------------------------------------------------------------------------

        /// <summary>Begins to fill the buffer, without waiting. Open the layers first.</summary>
        public void Prepare()
        {
            _record.Playback.Want(0);
        }

        /// <summary>Whether the buffer is full.</summary>
        public bool IsBuffered
        {
            get { return _record.Playback.IsReady(AheadFrames); }
        }

        /// <summary>Fills the buffer before playing begins; whether it was full in time. Open the layers first.</summary>
        public bool Buffer(double timeoutS = 5.0)
        {
            Prepare();
            return _record.Playback.Wait(AheadFrames, timeoutS);
        }

        /// <summary>Moves on: every open layer's samples, interleaved, never short and never cut.</summary>
        /// <param name="frames">At most 24000; multiples of 480 cost least.</param>
        /// <param name="waitS">How long to wait for what is not here yet; what is still missing then is concealed.</param>
        /// <returns>Samples by layer name. Empty while no layer is open: the position stays.</returns>
        public Dictionary<string, float[]> Read(int frames, double waitS = 0.0)
        {
            Want(frames);
            if (waitS > 0.0)
            {
                _record.Playback.Wait(frames, waitS);
            }

            Dictionary<string, float[]> heard = _record.Playback.Read(frames);
            Prepare();
            return heard;
        }

        /// <summary>Reads samples that all came from the daemon.</summary>
        /// <exception cref="ConnectionLostException">
        /// <c>connection.late</c>: they did not come in time; the position stays.
        /// </exception>
        public Dictionary<string, float[]> ReadExact(int frames, double timeoutS = 10.0)
        {
            Want(frames);
            if (!_record.Playback.Wait(frames, timeoutS))
            {
                throw new ConnectionLostException(
                    "connection.late",
                    frames + " frames did not come within " + timeoutS + " s",
                    Name,
                    "see whether the daemon runs, and give it more time");
            }

            return Read(frames);
        }

        private void Want(int frames)
        {
            if (frames < 0 || frames > Playback.MostReadFrames)
            {
                throw new SettingsException(
                    "read.frames",
                    frames + " frames cannot be read at once",
                    Name,
                    "read up to " + Playback.MostReadFrames + " frames, several times");
            }

            _record.Playback.Want(frames);
        }
    }
}
