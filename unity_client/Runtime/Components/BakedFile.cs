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
        private readonly string _file;
        private readonly float[] _gains;
        private readonly BakedScene.Event[] _events;

        public BakedFile(GameObject made, AudioClip clip, BakedScene.Layer layer, string file)
        {
            _made = made;
            _layer = layer;
            _file = file;
            _gains = new float[layer.sounds.Length];
            _source = made.AddComponent<AudioSource>();
            Shape();
            _source.clip = clip;
            _source.loop = true;
            foreach (BakedScene.Sound sound in layer.sounds)
            {
                if (sound.file == file)
                {
                    _events = sound.events;
                }
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

        /// <summary>Takes its loudness from the scene's state, and its place from its latest event.</summary>
        public void Follow(BakedState state, float level, Transform listener)
        {
            state.Gains(_layer, _gains);
            float power = 0f;
            for (int i = 0; i < _gains.Length; i++)
            {
                power += _layer.sounds[i].file == _file ? _gains[i] * _gains[i] : 0f;
            }

            _source.volume = level * Mathf.Sqrt(power);
            Turn(listener);
        }

        private void Turn(Transform listener)
        {
            for (int i = _events.Length - 1; i >= 0; i--)
            {
                if (_events[i].atS <= _source.time)
                {
                    _made.transform.position = listener.position + Axes.ToUnity(At(_events[i].atM));
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
