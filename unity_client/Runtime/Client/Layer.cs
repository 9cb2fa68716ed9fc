using System.Threading.Tasks;
using Roomtone.Wire;

namespace Roomtone
{
    /// <summary>An open layer: one stream of its scene. Any thread.</summary>
    public sealed class Layer
    {
        private readonly ClientSession _session;
        private readonly SceneRecord _record;
        private readonly LayerStream _stream;

        internal Layer(ClientSession session, SceneRecord record, LayerStream stream)
        {
            _session = session;
            _record = record;
            _stream = stream;
        }

        /// <summary>The layer's name in the scene.</summary>
        public string Name
        {
            get { return _stream.Layer; }
        }

        /// <summary>1 or 2, as it is read.</summary>
        public int Channels
        {
            get { return _stream.Channels; }
        }

        /// <summary>Where it begins on the scene's clock.</summary>
        public long FirstFrame
        {
            get { return _stream.FirstFrame; }
        }

        /// <summary>Whether the daemon goes on with it.</summary>
        public bool IsOpen
        {
            get { return _stream.EndFrame == LayerStream.Never; }
        }

        /// <summary>Where it belongs, as the scene says now; a layer that is gone is a bed.</summary>
        public PlacementInfo Placement
        {
            get
            {
                return _record.Layers.TryGetValue(Name, out LayerInfo info)
                    ? info.Placement
                    : new PlacementInfo(PlacementKind.Bed);
            }
        }

        /// <summary>Where a scattered layer sounds at the reader's position, from the listener, in the scene's axes.</summary>
        public Vector OffsetM
        {
            get
            {
                LayerEvent placed = _stream.Placed.LastAt(_record.Playback.PositionFrame);
                return placed == null ? default : placed.OffsetM;
            }
        }

        /// <summary>Where a prompt's layer comes from at the reader's position, and why; null where nothing was said.</summary>
        public LayerEvent Source
        {
            get { return _stream.Sourced.LastAt(_record.Playback.PositionFrame); }
        }

        /// <summary>The stream's handle on the wire, by which events name it.</summary>
        public int Stream
        {
            get { return _stream.Handle; }
        }

        /// <summary>
        /// Plays the layer through an audio engine's callbacks, at the rate of the audio device. The scene's clock then
        /// moves with the callbacks: <see cref="Scene.Read"/> must not be called as well.
        /// </summary>
        public LayerVoice OpenVoice(int outputRateHz)
        {
            _record.Clock.Retune(outputRateHz);
            _record.Playback.Want(0);
            return new LayerVoice(_record.Clock, _stream);
        }

        /// <summary>Ends the stream: what is buffered is heard, then it fades. Waits for the answer.</summary>
        public void Close()
        {
            AskToClose().Wait();
        }

        /// <summary>Ends the stream without waiting.</summary>
        public Task CloseAsync()
        {
            return AskToClose().Task;
        }

        private Answer<bool> AskToClose()
        {
            CloseLayer request = new CloseLayer(_session.Connection.NextId(), _stream.Handle);
            return _session.Ask<LayerClosed, bool>(request, Closed, Renumber);
        }

        private bool Closed(LayerClosed answer)
        {
            _record.Playback.End(answer.Stream, answer.EndFrame);
            return true;
        }

        private ClientRequest Renumber(ClientRequest message)
        {
            return new CloseLayer(message.Id, _stream.Handle);
        }
    }
}
