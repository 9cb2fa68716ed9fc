using System;
using System.Collections.Generic;
using Roomtone.Wire;
using UnityEngine;

namespace Roomtone.Components
{
    /// <summary>
    /// A baked scene at play: a source for each file of each layer, crossfaded as the parameters move. Main thread.
    /// </summary>
    internal sealed class BakedPlayback
    {
        private const int Format = 1;

        private readonly RoomtoneScene _owner;
        private readonly BakedScene _scene;
        private readonly List<BakedFile> _files = new List<BakedFile>();
        private readonly Dictionary<string, ParameterInfo> _parameters = new Dictionary<string, ParameterInfo>();
        private readonly List<string> _moods = new List<string>();

        private BakedPlayback(RoomtoneScene owner, BakedScene scene)
        {
            _owner = owner;
            _scene = scene;
            State = new BakedState(scene);
            foreach (BakedScene.Parameter each in scene.parameters)
            {
                _parameters[each.name] = new ParameterInfo(
                    each.name, each.usual, each.low, each.high, each.unit ?? "", each.wraps);
            }

            foreach (BakedScene.State each in scene.moods)
            {
                _moods.Add(each.name);
            }
        }

        /// <summary>Where the parameters are.</summary>
        public BakedState State { get; }

        /// <summary>Every parameter by name.</summary>
        public IReadOnlyDictionary<string, ParameterInfo> Parameters
        {
            get { return _parameters; }
        }

        /// <summary>What can be morphed to.</summary>
        public IReadOnlyList<string> Moods
        {
            get { return _moods; }
        }

        /// <summary>Plays what an owner names, from where the parameters are wanted; null where there is no such bake.</summary>
        public static BakedPlayback Open(
            RoomtoneScene owner, Dictionary<string, double> values, Transform listener, List<string> troubles)
        {
            string name = owner.SceneName;
            TextAsset text = Resources.Load<TextAsset>(owner.BakedFolder + "/" + name + "/" + name);
            BakedScene scene = text == null ? null : JsonUtility.FromJson<BakedScene>(text.text);
            if (scene == null || scene.format != Format)
            {
                troubles.Add("there is no bake of '" + name + "' in Resources/" + owner.BakedFolder);
                return null;
            }

            BakedPlayback opened = new BakedPlayback(owner, scene);
            foreach (KeyValuePair<string, double> value in values)
            {
                opened.State.Set(value.Key, value.Value, true);
            }

            opened.Begin(listener, troubles);
            return opened;
        }

        /// <summary>Moves on in time.</summary>
        public void Step(float deltaS, Transform listener)
        {
            State.Advance(deltaS);
            Follow(listener);
        }

        /// <summary>Ends it.</summary>
        public void Stop()
        {
            foreach (BakedFile file in _files)
            {
                file.Stop();
            }

            _files.Clear();
        }

        /// <summary>All of it begins together.</summary>
        private void Begin(Transform listener, List<string> troubles)
        {
            foreach (BakedScene.Layer layer in _scene.layers)
            {
                RoomtoneLayer hand = PlacedByHand(layer.name);
                if (_owner.MakesLayers || hand != null)
                {
                    Prepare(layer, hand, troubles);
                }
            }

            Follow(listener);
            foreach (BakedFile file in _files)
            {
                file.Play();
            }
        }

        /// <summary>Finds the layer that a designer put there; null where none is.</summary>
        private RoomtoneLayer PlacedByHand(string name)
        {
            foreach (RoomtoneLayer layer in _owner.Layers)
            {
                if (layer.LayerName == name && layer.Prompt.Length == 0)
                {
                    return layer;
                }
            }

            return null;
        }

        private void Follow(Transform listener)
        {
            foreach (BakedFile file in _files)
            {
                file.Follow(State, _owner, listener);
            }
        }

        private void Prepare(BakedScene.Layer layer, RoomtoneLayer hand, List<string> troubles)
        {
            for (int i = 0; i < layer.sounds.Length; i++)
            {
                string file = layer.sounds[i].file;
                bool isFirst = Array.FindIndex(layer.sounds, sound => sound.file == file) == i;
                if (file.Length == 0 || !isFirst)
                {
                    continue;
                }

                AudioClip clip = Resources.Load<AudioClip>(_owner.BakedFolder + "/" + file);
                if (clip == null)
                {
                    troubles.Add("'" + file + "' is not in Resources/" + _owner.BakedFolder);
                    continue;
                }

                GameObject made = new GameObject(file);
                made.transform.SetParent(_owner.transform, false);
                _files.Add(new BakedFile(made, clip, layer, i, hand));
            }
        }
    }
}
