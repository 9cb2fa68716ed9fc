using System;
using System.Collections.Generic;
using Roomtone.Wire;

namespace Roomtone
{
    /// <summary>What is asked about one scene, and what becomes of the answers. Any thread.</summary>
    internal sealed class SceneRequests
    {
        private readonly ClientSession _session;
        private readonly SceneRecord _record;

        public SceneRequests(ClientSession session, SceneRecord record)
        {
            _session = session;
            _record = record;
        }

        /// <summary>Whether the client keeps the scene open.</summary>
        public bool IsOpen
        {
            get { return Array.IndexOf(_session.Records, _record) >= 0; }
        }

        /// <summary>Numbers a request.</summary>
        public int NextId()
        {
            return _session.Connection.NextId();
        }

        /// <summary>Names a layer that is asked for in words, where the game does not.</summary>
        public string NewName(string layer)
        {
            string name = layer;
            for (int number = 1; name.Length == 0 || (layer.Length == 0 && IsTaken(name)); number++)
            {
                name = "request_" + number;
            }

            return name;
        }

        public Answer<Layer> OpenLayer(string layer, SampleFormat format, int channels)
        {
            LayerStream stream = _record.Playback.Streams.Find(layer);
            if (stream != null && stream.EndFrame == LayerStream.Never)
            {
                string what = "layer '" + layer + "' is open";
                return _session.Refuse<Layer>(
                    new WireException("layer.already-open", what, "layer", "read it by its name, or close it first"));
            }

            OpenLayer request = new OpenLayer(NextId(), _record.Handle, layer, format, channels);
            return _session.Ask<LayerOpened, Layer>(request, TakeUp, Renumber);
        }

        public Answer<Layer> Request(Request request)
        {
            return _session.Ask<LayerOpened, Layer>(request, answer => Granted(request, answer), Renumber);
        }

        public Answer<long> Set(IReadOnlyDictionary<string, double> values, long atFrame)
        {
            double askedS = MonotonicClock.NowS();
            return _session.Ask<Applied, long>(
                NewSet(values, atFrame), answer => Heard(answer, askedS, atFrame == 0), Renumber);
        }

        public void Steer(IReadOnlyDictionary<string, double> values)
        {
            double askedS = MonotonicClock.NowS();
            _session.Post<Applied>(NewSet(values, 0), answer => Heard(answer, askedS, atOnce: true), Renumber);
        }

        public Answer<long> Morph(string mood, double overS, long atFrame)
        {
            return _session.Ask<Applied, long>(NewMorph(mood, overS, atFrame), answer => answer.AtFrame, Renumber);
        }

        public void BeginMorph(string mood, double overS)
        {
            _session.Post<Applied>(NewMorph(mood, overS, 0), answer => { }, Renumber);
        }

        public void Listener(Vector atM)
        {
            _record.ListenerM = atM;
            if (_record.Handle != 0)
            {
                _session.Connection.Mail.Post(new Listener(_record.Handle, atM));
            }
        }

        public Answer<bool> Close()
        {
            return _session.Ask<SceneClosed, bool>(new CloseScene(NextId(), _record.Handle), Closed, Renumber);
        }

        private bool IsTaken(string name)
        {
            return _record.Layers.ContainsKey(name) || _record.Requested.ContainsKey(name);
        }

        private Set NewSet(IReadOnlyDictionary<string, double> values, long atFrame)
        {
            _record.Steer(values);
            return new Set(NextId(), _record.Handle, values, atFrame);
        }

        private Morph NewMorph(string mood, double overS, long atFrame)
        {
            if (Array.IndexOf(_record.Description.Moods, mood) >= 0)
            {
                _record.Steering.Morph(mood, overS);
            }

            return new Morph(NextId(), _record.Handle, mood, overS, atFrame);
        }

        // Answers, on the connection's thread ----------------------------------------------------------

        private Layer TakeUp(LayerOpened answer)
        {
            return new Layer(_session, _record, _record.Playback.Add(answer));
        }

        private Layer Granted(Request request, LayerOpened answer)
        {
            _record.Requested[request.Layer] = request;
            return TakeUp(answer);
        }

        private long Heard(Applied answer, double askedS, bool atOnce)
        {
            if (atOnce)
            {
                _session.NoteUpdate(_record, askedS, answer.AtFrame);
            }

            return answer.AtFrame;
        }

        private bool Closed(SceneClosed answer)
        {
            foreach (int handle in _record.Playback.Streams.Handles())
            {
                _record.Playback.End(handle, _record.Playback.ReceivedFrame);
            }

            _session.Forget(_record);
            return true;
        }

        private ClientRequest Renumber(ClientRequest message)
        {
            return message.WithScene(_record.Handle);
        }
    }
}
