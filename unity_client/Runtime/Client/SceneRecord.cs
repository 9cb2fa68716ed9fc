using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using Roomtone.Wire;

namespace Roomtone
{
    /// <summary>One open scene as the client knows it: what it is, where it was told to go, what has arrived of it.</summary>
    /// <remarks>Written by the connection's thread; any thread may read.</remarks>
    internal sealed class SceneRecord
    {
        private const int MostUpdates = 256;

        private volatile int _handle;
        private volatile SceneDescription _description;
        private volatile Dictionary<string, ParameterInfo> _parameters;
        private volatile Dictionary<string, LayerInfo> _layers;
        private volatile object _listenerM;

        public SceneRecord(SceneOpened opened, long? seed, Playback playback, Steering steering)
        {
            Name = opened.Name;
            Seed = seed;
            Playback = playback;
            Steering = steering;
            Clock = new SceneClock(playback);
            _handle = opened.Scene;
            Describe(opened.Description);
        }

        public string Name { get; }

        public long? Seed { get; }

        public Playback Playback { get; }

        public SceneClock Clock { get; }

        public Steering Steering { get; }

        /// <summary>Changes whose sound has not arrived yet: their frame, and when they were asked for. Its thread only.</summary>
        public List<KeyValuePair<long, double>> Updates { get; } = new List<KeyValuePair<long, double>>();

        /// <summary>
        /// Layers that were asked for in words, which no scene file has: a daemon that starts anew must be asked again.
        /// </summary>
        public ConcurrentDictionary<string, Request> Requested { get; } = new ConcurrentDictionary<string, Request>();

        /// <summary>Its number on the wire; 0 while it has none, another one after the daemon has started anew.</summary>
        public int Handle
        {
            get { return _handle; }
            set { _handle = value; }
        }

        public SceneDescription Description
        {
            get { return _description; }
        }

        public Dictionary<string, ParameterInfo> Parameters
        {
            get { return _parameters; }
        }

        public Dictionary<string, LayerInfo> Layers
        {
            get { return _layers; }
        }

        /// <summary>Where the listener was last said to be.</summary>
        public Vector? ListenerM
        {
            get { return (Vector?)_listenerM; }
            set { _listenerM = value; }
        }

        /// <summary>Takes the scene as it is now.</summary>
        public void Describe(SceneDescription description)
        {
            Dictionary<string, ParameterInfo> parameters = new Dictionary<string, ParameterInfo>();
            foreach (ParameterInfo info in description.Parameters)
            {
                parameters[info.Name] = info;
            }

            Dictionary<string, LayerInfo> layers = new Dictionary<string, LayerInfo>();
            foreach (LayerInfo info in description.Layers)
            {
                layers[info.Name] = info;
            }

            _description = description;
            _parameters = parameters;
            _layers = layers;
            Steering.Keep(parameters.ContainsKey, mood => Array.IndexOf(description.Moods, mood) >= 0);
        }

        /// <summary>Notes targets that the daemon will accept.</summary>
        public void Steer(IReadOnlyDictionary<string, double> values)
        {
            Dictionary<string, ParameterInfo> known = _parameters;
            foreach (KeyValuePair<string, double> value in values)
            {
                if (known.ContainsKey(value.Key) && !double.IsNaN(value.Value) && !double.IsInfinity(value.Value))
                {
                    Steering.Set(value.Key, value.Value);
                }
            }
        }

        /// <summary>Notes a change whose sound has not arrived yet; of a scene that nobody reads only so many.</summary>
        public void NoteUpdate(long atFrame, double askedS)
        {
            if (Updates.Count < MostUpdates)
            {
                Updates.Add(new KeyValuePair<long, double>(atFrame, askedS));
            }
        }

        /// <summary>Asks a daemon that starts anew for a stream that was open.</summary>
        public ClientRequest OpenAgain(LayerStream stream, int scene, int id)
        {
            return Requested.TryGetValue(stream.Layer, out Request asked)
                ? (ClientRequest)asked.Again(id, scene, stream.Format, stream.Channels)
                : new OpenLayer(id, scene, stream.Layer, stream.Format, stream.Channels);
        }
    }
}
