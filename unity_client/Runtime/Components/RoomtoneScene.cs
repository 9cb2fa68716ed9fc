using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Roomtone.Wire;
using UnityEngine;

namespace Roomtone.Components
{
    /// <summary>
    /// Opens a scene of the daemon, or of a bake, while it is enabled, steers its parameters and holds its layers. The scene's
    /// own coordinates are this object's: turn and move it as a whole.
    /// </summary>
    /// <remarks>
    /// Main thread; nothing here waits for the daemon. With a <see cref="RoomtoneSceneSettings.BakedFolder"/> there is none:
    /// every file has a source of its own below this, and <see cref="Layers"/> are those that were put there by hand.
    /// </remarks>
    [AddComponentMenu("Roomtone/Roomtone Scene")]
    [DefaultExecutionOrder(-100)]
    public sealed class RoomtoneScene : RoomtoneSceneSettings
    {
        private const float RetryS = 2f;
        private const float ListenerS = 0.25f;
        private static readonly Dictionary<string, ParameterInfo> NoParameters =
            new Dictionary<string, ParameterInfo>();

        private static readonly string[] NoMoods = new string[0];

        private readonly List<RoomtoneLayer> _layers = new List<RoomtoneLayer>();
        private readonly Targets _targets = new Targets();
        private readonly Ear _ear = new Ear();
        private RoomtoneDaemon _boundDaemon;
        private BakedPlayback _baked;
        private bool _isBake;
        private Client _client;
        private Task<Scene> _opening;
        private float _retryAtS;
        private float _listenerAtS;

        /// <summary>The scene is open: its parameters, moods and layers are known.</summary>
        public event Action Opened;

        /// <summary>The scene's file was edited, or a request added a layer: names that are new, changed and gone.</summary>
        public event Action<SceneChanged> Changed;

        /// <summary>The scene cannot be performed, and why; it is tried again.</summary>
        public event Action<string> Failed;

        /// <summary>The daemon's scene; null while it is not open, and where a bake is played.</summary>
        public Scene Scene { get; private set; }

        /// <summary>Whether it is open.</summary>
        public bool IsOpen
        {
            get { return Scene != null || _baked != null; }
        }

        /// <summary>Whether it plays baked files, without any daemon.</summary>
        public bool IsBaked
        {
            get { return BakedFolder.Length > 0; }
        }

        /// <summary>Every parameter by name; empty while it is not open.</summary>
        public IReadOnlyDictionary<string, ParameterInfo> Parameters
        {
            get { return Scene != null ? Scene.Parameters : _baked != null ? _baked.Parameters : NoParameters; }
        }

        /// <summary>What <see cref="Morph"/> accepts; empty while it is not open.</summary>
        public IReadOnlyList<string> Moods
        {
            get { return Scene != null ? Scene.Moods : _baked != null ? _baked.Moods : NoMoods; }
        }

        /// <summary>What is wrong, in words; empty while all is well.</summary>
        public string Trouble { get; private set; } = "";

        /// <summary>How loud the zones have it where the listener is, 0 to 1; 1 where it has no zone.</summary>
        public float ZoneLevel { get; internal set; } = 1f;

        /// <summary>The layers that play.</summary>
        public IReadOnlyList<RoomtoneLayer> Layers
        {
            get { return _layers; }
        }

        internal float HeardLevel
        {
            get { return Level * ZoneLevel; }
        }

        internal Pose ListenerPose { get; private set; }

        internal Transform Listener
        {
            get { return _boundDaemon == null ? _ear.Listener : _boundDaemon.Listener; }
        }

        /// <summary>Moves a parameter: it walks there by itself. Call it every frame if you like.</summary>
        public void Set(string parameter, float value)
        {
            _targets.Set(parameter, value);
            _baked?.State.Set(parameter, value, false);
        }

        /// <summary>Where a parameter is heading; NaN if there is none of that name, or the scene is not open.</summary>
        public float Get(string parameter)
        {
            if (_baked != null)
            {
                return (float)_baked.State.Heading(parameter);
            }

            return Scene != null && Scene.Parameters.TryGetValue(parameter, out ParameterInfo info)
                ? (float)_targets.Get(info)
                : float.NaN;
        }

        /// <summary>Moves every parameter that a mood names there.</summary>
        public void Morph(string mood, float overS)
        {
            if (Scene != null)
            {
                _targets.Send(Scene);
                _targets.Forget();
                Scene.BeginMorph(mood, overS);
            }
            else if (_baked != null && !_baked.State.Morph(mood, overS))
            {
                Debug.LogWarning("Roomtone: the scene '" + SceneName + "' has no mood '" + mood + "'", this);
            }
        }

        /// <summary>
        /// Asks in words for a sound. The layer sounds at once, made by synths, and becomes the model's when that is ready:
        /// its <see cref="RoomtoneLayer.SourceChanged"/> tells.
        /// </summary>
        /// <param name="prompt">What should be heard; <c>{parameter: one wording|another}</c> follows the scene.</param>
        /// <param name="atM">Where, in this object's coordinates; null is all around.</param>
        /// <param name="nearM">Full level up to here.</param>
        /// <param name="reachM">Nothing is heard beyond.</param>
        /// <param name="gainDb">Level.</param>
        public RoomtoneLayer Request(
            string prompt, Vector3? atM = null, float nearM = 1f, float reachM = 40f, float gainDb = 0f)
        {
            if (IsBaked)
            {
                Fail("'" + prompt + "' is not heard: a bake plays what was baked, requests need a daemon");
            }

            return MakeLayer(prompt, made =>
            {
                made.BeRequested(prompt, nearM, atM.HasValue ? reachM : 0f, gainDb);
                made.transform.localPosition = atM ?? Vector3.zero;
            });
        }

        internal void Add(RoomtoneLayer layer)
        {
            _layers.Add(layer);
        }

        internal void Remove(RoomtoneLayer layer)
        {
            _layers.Remove(layer);
        }

        private void OnEnable()
        {
            _retryAtS = 0f;
            foreach (RoomtoneParameter value in StartValues)
            {
                _targets.Set(value.Name, value.Value);
            }

            _isBake = IsBaked;
            if (_isBake)
            {
                _boundDaemon = Daemon != null ? Daemon : RoomtoneDaemon.Current;
                _ear.Begin();
                return;
            }

            _boundDaemon = Daemon != null ? Daemon : RoomtoneDaemon.Find();
            _boundDaemon.Happened += Take;
        }

        private void OnDisable()
        {
            if (_boundDaemon != null)
            {
                _boundDaemon.Happened -= Take;
            }

            Close();
        }

        private void Update()
        {
            if (_isBake)
            {
                PlayBaked();
                return;
            }

            Client client = _boundDaemon == null ? null : _boundDaemon.Client;
            if (client != _client)
            {
                Close();
                _client = client;
            }

            if (Scene == null)
            {
                Open();
                return;
            }

            Hear();
            for (int i = _layers.Count - 1; i >= 0; i--)
            {
                _layers[i].Step(this);
            }
        }

        private void LateUpdate()
        {
            if (Scene != null)
            {
                _targets.Send(Scene);
            }
            else if (_baked != null && _boundDaemon == null && Listener != null)
            {
                RoomtoneZone.MixAll(Listener.position);
            }
        }

        /// <summary>Gets on with the bake, or opens it.</summary>
        private void PlayBaked()
        {
            _ear.Find();
            _baked?.Step(Time.deltaTime, Listener);
            if (_baked == null && Time.unscaledTime >= _retryAtS)
            {
                List<string> troubles = new List<string>();
                _baked = BakedPlayback.Open(this, _targets.All(), Listener, troubles);
                Trouble = _baked == null ? Trouble : "";
                troubles.ForEach(Fail);
                if (_baked != null)
                {
                    Opened?.Invoke();
                }
            }
        }

        /// <summary>Follows the listener, and tells the daemon a few times a second.</summary>
        private void Hear()
        {
            if (Listener == null)
            {
                return;
            }

            Vector3 ahead = transform.InverseTransformDirection(Listener.forward);
            Vector atM = Axes.FromUnity(transform.InverseTransformPoint(Listener.position));
            ListenerPose = new Pose(atM, Math.Atan2(ahead.x, ahead.z) * 180.0 / Math.PI);
            if (Time.unscaledTime >= _listenerAtS && HeardLevel > 0f)
            {
                _listenerAtS = Time.unscaledTime + ListenerS;
                Scene.Listener(atM);
            }
        }

        private void Open()
        {
            if (_opening == null)
            {
                if (_client != null && _client.IsConnected && Time.unscaledTime >= _retryAtS)
                {
                    _opening = _client.OpenSceneAsync(SceneName, Seed, 0, _targets.All());
                }

                return;
            }

            if (_opening.IsCompleted)
            {
                Task<Scene> opened = _opening;
                _opening = null;
                Begin(opened);
            }
        }

        private void Begin(Task<Scene> opened)
        {
            if (opened.IsFaulted)
            {
                Fail(opened.Exception.InnerException.Message);
                return;
            }

            Scene = opened.Result;
            Trouble = "";
            _listenerAtS = 0f;
            MakeLayers(Scene.Layers.Keys);
            Opened?.Invoke();
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

        private void Close()
        {
            _baked?.Stop();
            _baked = null;
            Scene closing = Scene;
            Scene = null;
            for (int i = _layers.Count - 1; i >= 0; i--)
            {
                _layers[i].Leave();
            }

            if (closing != null && closing.IsOpen && _client.IsAlive)
            {
                closing.CloseAsync();
            }

            if (_opening != null)
            {
                // Its answer is still to come: nobody will play it.
                _opening.ContinueWith(late => late.Result.CloseAsync(), TaskContinuationOptions.OnlyOnRanToCompletion);
            }

            _opening = null;
            _client = null;
        }

        private void Take(IEvent happened)
        {
            if (Scene == null)
            {
                return;
            }

            if (happened is SceneChanged changed && changed.Scene == Scene.Handle)
            {
                MakeLayers(changed.Added);
                Changed?.Invoke(changed);
            }
            else if (happened is SceneGone && !Scene.IsOpen)
            {
                Close();
                _client = _boundDaemon.Client;
                Fail("the scene '" + SceneName + "' cannot be performed any more");
            }
        }

        private void MakeLayers(IEnumerable<string> names)
        {
            if (!MakesLayers)
            {
                return;
            }

            foreach (string name in names)
            {
                if (!_layers.Exists(layer => layer.LayerName == name))
                {
                    MakeLayer(name, made => made.LayerName = name);
                }
            }
        }

        private RoomtoneLayer MakeLayer(string name, Action<RoomtoneLayer> prepare)
        {
            GameObject made = new GameObject(name);
            made.SetActive(false);
            made.transform.SetParent(transform, false);
            RoomtoneLayer layer = made.AddComponent<RoomtoneLayer>();
            layer.BeMade(this, Spatialisation);
            prepare(layer);
            made.SetActive(true);
            return layer;
        }
    }
}
