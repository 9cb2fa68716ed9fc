using Roomtone.Wire;
using UnityEngine;

namespace Roomtone.Components
{
    /// <summary>One file of a baked layer: the source that plays it, and how loud and where it is heard. Main thread.</summary>
    internal sealed class BakedFile
    {
        private readonly GameObject _made;
        private readonly AudioSource _source;
        private readonly BakedScene.Layer _layer;
        private readonly BakedScene.Sound _sound;
        private readonly RoomtoneLayer _hand;
        private readonly bool _hasHand;
        private readonly float[] _gains;

        /// <summary>Sets the source up.</summary>
        /// <param name="made">Where the source goes.</param>
        /// <param name="clip">What it plays.</param>
        /// <param name="layer">Whose file it is.</param>
        /// <param name="sound">Which of the layer's sounds is the first with this file.</param>
        /// <param name="hand">The layer that a designer put there, or null: it says how loud, where, and to which group.</param>
        public BakedFile(GameObject made, AudioClip clip, BakedScene.Layer layer, int sound, RoomtoneLayer hand)
        {
            _made = made;
            _layer = layer;
            _sound = layer.sounds[sound];
            _hand = hand;
            _hasHand = hand != null;
            _gains = new float[layer.sounds.Length];
            _source = made.AddComponent<AudioSource>();
            Shape();
            _source.clip = clip;
            _source.loop = true;
            _source.playOnAwake = false;
            if (_hasHand)
            {
                _source.outputAudioMixerGroup = hand.GetComponent<AudioSource>().outputAudioMixerGroup;
            }
        }

        public void Play()
        {
            _source.Play();
        }

        public void Stop()
        {
            if (_made != null)
            {
                _source.Stop();
                Object.Destroy(_made);
            }
        }

        /// <summary>Takes its loudness from the scene's state, and its place from its latest event or its layer.</summary>
        public void Follow(BakedState state, RoomtoneScene owner, Transform listener)
        {
            state.Gains(_layer, _gains);
            float power = 0f;
            for (int i = 0; i < _gains.Length; i++)
            {
                power += _layer.sounds[i].file == _sound.file ? _gains[i] * _gains[i] : 0f;
            }

            _source.volume = owner.HeardLevel * HandGain() * Mathf.Sqrt(power);
            if (_sound.events.Length > 0)
            {
                Turn(owner.transform, listener);
            }
            else if (_hasHand && _hand != null && _hand.Place == RoomtonePlace.Transform)
            {
                _made.transform.position = _hand.transform.position;
            }
        }

        /// <summary>Nothing is heard of a layer that was taken away or switched off.</summary>
        private float HandGain()
        {
            if (!_hasHand)
            {
                return 1f;
            }

            return _hand != null && _hand.isActiveAndEnabled ? Mathf.Pow(10f, _hand.GainDb / 20f) : 0f;
        }

        private void Turn(Transform scene, Transform listener)
        {
            Transform ear = listener == null ? scene : listener;
            BakedScene.Event[] events = _sound.events;
            for (int i = events.Length - 1; i >= 0; i--)
            {
                if (events[i].atS <= _source.time)
                {
                    _made.transform.position = ear.position + scene.TransformDirection(Axes.ToUnity(At(events[i].atM)));
                    return;
                }
            }
        }

        private void Shape()
        {
            if (_layer.kind == "bed")
            {
                _source.spatialBlend = 0f;
                return;
            }

            SourceSetup.Spatial(_source);
            Object.Destroy(_source.clip);
            PlacementKind kind = _layer.kind == "scatter"
                ? PlacementKind.Scatter
                : _layer.kind == "area" ? PlacementKind.Area : PlacementKind.Point;
            Vector at = At(_layer.atM);
            SourceSetup.Shape(_source, new PlacementInfo(kind, at, _layer.nearM, _layer.reachM));
            _made.transform.localPosition = Axes.ToUnity(at);
        }

        private static Vector At(float[] atM)
        {
            return new Vector(atM[0], atM[1], atM[2]);
        }
    }
}
