using System;
using System.Threading.Tasks;
using Roomtone.Wire;
using UnityEngine;

namespace Roomtone.Components
{
    /// <summary>
    /// Plays one layer of a scene. Scenes make these by themselves; place one by hand to say where a layer sounds, or to give
    /// it a mixer group.
    /// </summary>
    /// <remarks>
    /// The source loops a clip of ones, so that what reaches the callback is the engine's panning, distance and volume and
    /// nothing else; the callback multiplies that by the layer's samples. So it works with Unity's own 3D sound, and with a
    /// spatialiser plugin, which is told to come after the callback. Main thread, but for the callback.
    /// </remarks>
    [AddComponentMenu("Roomtone/Roomtone Layer")]
    [DisallowMultipleComponent]
    [RequireComponent(typeof(AudioSource))]
    public sealed class RoomtoneLayer : MonoBehaviour
    {
        private const float RetryS = 2f;

        [SerializeField]
        [Tooltip("Left out, the scene of the objects above.")]
        private RoomtoneScene scene;

        [SerializeField]
        [Tooltip("One of the scene's layers.")]
        private string layerName = "";

        [SerializeField]
        [Tooltip("In place of a layer of the scene: what should be heard, in words.")]
        private string prompt = "";

        [SerializeField]
        [Min(0f)]
        [Tooltip("Of a prompt: full level up to here.")]
        private float promptNearM = 1f;

        [SerializeField]
        [Min(0f)]
        [Tooltip("Of a prompt: nothing is heard beyond; 0 is all around.")]
        private float promptReachM;

        [SerializeField]
        [Tooltip("Who places it in space.")]
        private RoomtoneSpatialisation spatialisation = RoomtoneSpatialisation.Engine;

        [SerializeField]
        [Tooltip("Where its place comes from.")]
        private RoomtonePlace place = RoomtonePlace.SceneFile;

        [SerializeField]
        [Range(-60f, 12f)]
        private float gainDb;

        private Speaker _speaker;
        private RoomtoneScene _owner;
        private Task<Layer> _opening;
        private volatile LayerVoice _voice;
        private volatile bool _runs;
        private PlacementInfo _placement;
        private LayerSource _sourceKind = LayerSource.None;
        private LayerEvent _sourceEvent;
        private float _levelFactor = 1f;
        private float _retryAtS;

        /// <summary>It plays.</summary>
        public event Action Opened;

        /// <summary>A prompt's layer comes from elsewhere now: its stand-in, the nearest clips, or exactly the right ones.</summary>
        public event Action<LayerSource> SourceChanged;

        /// <summary>A prompt's layer became the model's: the clips that its words ask for are heard.</summary>
        public event Action Generated;

        /// <summary>It cannot be played, and why.</summary>
        public event Action<string> Failed;

        /// <summary>The layer; null while it is not open.</summary>
        public Layer Layer { get; private set; }

        /// <summary>What is wrong, in words; empty while all is well.</summary>
        public string Trouble { get; private set; } = "";

        /// <summary>One of the scene's layers; takes effect when it is opened.</summary>
        public string LayerName
        {
            get { return layerName; }
            set { layerName = value; }
        }

        /// <summary>Whose layer it is; takes effect when this is enabled.</summary>
        public RoomtoneScene Scene
        {
            get { return scene; }
            set { scene = value; }
        }

        /// <summary>Who places it in space; takes effect when it is opened.</summary>
        public RoomtoneSpatialisation Spatialisation
        {
            get { return spatialisation; }
            set { spatialisation = value; }
        }

        /// <summary>Where its place comes from.</summary>
        public RoomtonePlace Place
        {
            get { return place; }
            set { place = value; }
        }

        /// <summary>Its level, on top of the scene file's.</summary>
        public float GainDb
        {
            get { return gainDb; }
            set { gainDb = value; }
        }

        /// <summary>What should be heard, in place of a layer of the scene; takes effect when it is opened.</summary>
        public string Prompt
        {
            get { return prompt; }
            set { prompt = value; }
        }

        /// <summary>Where a prompt's layer comes from; none where it is no prompt's.</summary>
        public LayerSource Source
        {
            get { return _sourceKind; }
        }

        /// <summary>Why, in one of the protocol's words or an error's code.</summary>
        public string SourceReason
        {
            get { return _sourceEvent == null ? "" : _sourceEvent.Reason; }
        }

        /// <summary>How loud it is, before distance and direction where the engine adds those; -200 for silence.</summary>
        public float LevelDb
        {
            get { return _voice == null ? -200f : (float)_voice.LevelDb; }
        }

        internal void BeMade(RoomtoneScene owner, RoomtoneSpatialisation how)
        {
            scene = owner;
            spatialisation = how;
        }

        internal void BeRequested(string words, float nearM, float reachM, float levelDb)
        {
            prompt = words;
            promptNearM = nearM;
            promptReachM = reachM;
            gainDb = levelDb;
        }

        /// <summary>Gets on: opens, follows its place and the scene's level, stops where nobody hears it.</summary>
        internal void Step(RoomtoneScene owner)
        {
            if (_voice == null)
            {
                Open(owner.Scene);
                return;
            }

            if (_voice.IsOver)
            {
                Leave();
                return;
            }

            if (Layer.IsOpen && !Layer.Placement.Equals(_placement))
            {
                Replace();
            }

            Follow(owner);
            Tell();
        }

        /// <summary>Stops, and lets the scene's layer go.</summary>
        internal void Leave()
        {
            if (Layer != null && Layer.IsOpen && _owner != null && _owner.IsOpen)
            {
                Layer.CloseAsync();
            }

            if (_opening != null && _owner != null && _owner.IsOpen)
            {
                // Its answer is still to come: nobody will play it.
                _opening.ContinueWith(late => late.Result.CloseAsync(), TaskContinuationOptions.OnlyOnRanToCompletion);
            }

            if (_speaker != null)
            {
                _speaker.Stop();
            }

            _voice = null;
            _runs = false;
            _opening = null;
            _placement = null;
            Layer = null;
        }

        private bool IsFlat
        {
            get { return spatialisation == RoomtoneSpatialisation.Roomtone || _placement.Kind == PlacementKind.Bed; }
        }

        private void OnEnable()
        {
            _speaker = new Speaker(GetComponent<AudioSource>());
            _owner = scene != null ? scene : GetComponentInParent<RoomtoneScene>();
            _retryAtS = 0f;
            AudioSettings.OnAudioConfigurationChanged += FollowDevice;
            if (_owner == null)
            {
                Fail("a layer needs a scene: put it under a RoomtoneScene, or name one");
            }
            else
            {
                _owner.Add(this);
            }
        }

        private void OnDisable()
        {
            AudioSettings.OnAudioConfigurationChanged -= FollowDevice;
            Leave();
            if (_owner != null)
            {
                _owner.Remove(this);
                _owner = null;
            }
        }

        // The audio thread's, and only its.
        private void OnAudioFilterRead(float[] data, int channels)
        {
            LayerVoice voice = _voice;
            if (voice == null || !_runs)
            {
                // The ones must never be heard, and an engine that calls back for a paused source moves no time.
                Array.Clear(data, 0, data.Length);
                return;
            }

            voice.Multiply(data, channels, AudioSettings.dspTime);
        }

        private void Open(Scene opened)
        {
            if (_opening == null)
            {
                if (Time.unscaledTime >= _retryAtS)
                {
                    Ask(opened);
                }

                return;
            }

            if (_opening.IsCompleted)
            {
                Task<Layer> answer = _opening;
                _opening = null;
                Begin(opened, answer);
            }
        }

        private void Ask(Scene opened)
        {
            if (prompt.Length > 0)
            {
                layerName = opened.NewLayerName();
                PlacementInfo where = LayerPlace.OfPrompt(this, _owner, promptNearM, promptReachM);
                bool one = where != null && spatialisation == RoomtoneSpatialisation.Engine;
                _opening = opened.RequestAsync(prompt, layerName, placement: where, channels: one ? 1 : 0);
            }
            else if (!opened.Layers.TryGetValue(layerName, out LayerInfo info))
            {
                Fail("the scene '" + opened.Name + "' has no layer '" + layerName + "'");
            }
            else
            {
                // What the engine places is one channel; the daemon mixes it down.
                _placement = info.Placement;
                _opening = opened.OpenLayerAsync(layerName, SampleFormat.F32, IsFlat ? 0 : 1);
            }
        }

        private void Begin(Scene opened, Task<Layer> answer)
        {
            if (answer.IsFaulted)
            {
                Fail(answer.Exception.InnerException.Message);
                return;
            }

            Trouble = "";
            Layer = answer.Result;
            Prepare();
            _levelFactor = LevelFactor(opened);
            _voice = Layer.OpenVoice(AudioSettings.outputSampleRate);
            Opened?.Invoke();
        }

        /// <summary>Two channels in one have half the power that the laws give to both.</summary>
        private float LevelFactor(Scene opened)
        {
            bool mixedDown = Layer.Channels == 1
                && opened.Layers.TryGetValue(Layer.Name, out LayerInfo info)
                && info.Channels == 2;
            return mixedDown ? Mathf.Sqrt(2f) : 1f;
        }

        /// <summary>Sets the source up for where the layer belongs.</summary>
        private void Prepare()
        {
            _placement = Layer.Placement;
            _speaker.Prepare(IsFlat || Layer.Channels == 2 ? null : _placement);
        }

        /// <summary>Follows an edit of the scene's file; a bed that becomes a point must be begun anew.</summary>
        private void Replace()
        {
            bool wasFlat = IsFlat;
            _placement = Layer.Placement;
            if (wasFlat != IsFlat)
            {
                Leave();
            }
            else if (!wasFlat)
            {
                _speaker.Reshape(_placement);
            }
        }

        private void Follow(RoomtoneScene owner)
        {
            float heard = owner.HeardLevel * Mathf.Pow(10f, gainDb / 20f);
            if (spatialisation == RoomtoneSpatialisation.Roomtone)
            {
                PlacementInfo here = LayerPlace.Of(this, owner, _placement);
                _voice.Aim(Mixing.PlacedGains(here, owner.ListenerPose, Layer.Channels, Layer.OffsetM, heard));
            }
            else
            {
                LayerPlace.Move(this, owner, _placement);
                _voice.Aim(Gains.Around(Layer.Channels, heard * _levelFactor));
            }

            _runs = _speaker.Follow(heard > 0f, _voice);
        }

        private void Tell()
        {
            LayerEvent now = Layer.Source;
            bool changed = now != null && now.Source != _sourceKind;
            _sourceEvent = now ?? _sourceEvent;
            if (changed)
            {
                _sourceKind = now.Source;
                SourceChanged?.Invoke(now.Source);
                if (now.Source == LayerSource.Exact)
                {
                    Generated?.Invoke();
                }
            }
        }

        /// <summary>Goes on with another device: it stopped every source, and may have another rate.</summary>
        private void FollowDevice(bool deviceWasChanged)
        {
            if (Layer != null)
            {
                _voice = Layer.OpenVoice(AudioSettings.outputSampleRate);
                Prepare();
            }
        }

        private void Fail(string why)
        {
            _retryAtS = Time.unscaledTime + RetryS;
            if (why != Trouble)
            {
                Trouble = why;
                Debug.LogError("Roomtone: " + why, this);
                Failed?.Invoke(why);
            }
        }
    }
}
