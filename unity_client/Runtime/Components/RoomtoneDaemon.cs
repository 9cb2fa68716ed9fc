using System;
using System.Collections.Generic;
using Roomtone.Wire;
using UnityEngine;

namespace Roomtone.Components
{
    /// <summary>
    /// Where the daemon is. One of these keeps the connection, tells what happens to it, and knows where the listener is; a
    /// scene that finds none makes one.
    /// </summary>
    /// <remarks>Main thread. It lives through scene loads unless told otherwise, and leaves no thread or socket behind.</remarks>
    [AddComponentMenu("Roomtone/Roomtone Daemon")]
    [DefaultExecutionOrder(-200)]
    [DisallowMultipleComponent]
    public sealed class RoomtoneDaemon : MonoBehaviour
    {
        private const string TokenVariable = "ROOMTONE_TOKEN";

        // Every client that is open, so that none outlives a domain reload or the end of play mode.
        private static readonly List<Client> Clients = new List<Client>();
        private static RoomtoneDaemon _current;

        [SerializeField]
        [Tooltip("Where the daemon listens. One on another computer is reached through a tunnel.")]
        private string endpoint = Client.DefaultEndpoint;

        [SerializeField]
        [Tooltip("The daemon's access token, where it has one. Empty: the environment's ROOMTONE_TOKEN.")]
        private string token = "";

        [SerializeField]
        [Range(20f, 500f)]
        [Tooltip("How much to keep buffered. Less is heard sooner, more survives longer hiccups.")]
        private float aheadMs = 100f;

        [SerializeField]
        [Tooltip("Who listens. Empty: the scene's AudioListener.")]
        private Transform listener;

        [SerializeField]
        [Tooltip("Whether it lives through the loading of another scene.")]
        private bool persistent = true;

        private readonly Ear _ear = new Ear();
        private bool _wasConnected;
        private bool _refusalTold;

        /// <summary>The daemon answered, for the first time.</summary>
        public event Action Connected;

        /// <summary>The connection broke, and why; what is missing is concealed, and the client keeps trying.</summary>
        public event Action<string> Disconnected;

        /// <summary>The daemon is back; whether it went on where it was.</summary>
        public event Action<bool> Reconnected;

        /// <summary>The daemon will have nothing to do with this game: a wrong token, another protocol.</summary>
        public event Action<RoomtoneException> Refused;

        /// <summary>The daemon refused something that nobody waited for, or a scene file has a mistake.</summary>
        public event Action<Error> Erred;

        internal event Action<IEvent> Happened;

        /// <summary>The first of those that are enabled; null where there is none.</summary>
        public static RoomtoneDaemon Current
        {
            get { return _current; }
        }

        /// <summary>The connection; null while this is disabled or its settings cannot work.</summary>
        public Client Client { get; private set; }

        /// <summary>Where the daemon listens; takes effect when this is enabled.</summary>
        public string Endpoint
        {
            get { return endpoint; }
            set { endpoint = value; }
        }

        /// <summary>The daemon's access token; takes effect when this is enabled.</summary>
        public string Token
        {
            get { return token; }
            set { token = value; }
        }

        /// <summary>How much is kept buffered; takes effect when this is enabled.</summary>
        public float AheadMs
        {
            get { return aheadMs; }
            set { aheadMs = value; }
        }

        /// <summary>Who listens; left out, the scene's AudioListener.</summary>
        public Transform Listener
        {
            get { return listener; }
            set { listener = value; }
        }

        /// <summary>Whether the daemon is there right now.</summary>
        public bool IsConnected
        {
            get { return Client != null && Client.IsConnected; }
        }

        /// <summary>What is wrong, in words; empty while all is well.</summary>
        public string Trouble { get; private set; } = "";

        /// <summary>Leaves more or less of the processor to the models while the game needs it: 0 pauses them.</summary>
        public void Govern(float maxShare, float? maxVramGb = null)
        {
            if (Client != null)
            {
                Client.Govern(maxShare, maxVramGb);
            }
        }

        /// <summary>Returns the daemon of this game, and makes one where there is none.</summary>
        public static RoomtoneDaemon Find()
        {
            return _current != null ? _current : new GameObject("Roomtone Daemon").AddComponent<RoomtoneDaemon>();
        }

        /// <summary>Ends every connection of this process, whoever holds it: before a domain reload and when play ends.</summary>
        internal static void CloseAll()
        {
            foreach (Client client in Clients.ToArray())
            {
                client.Close();
            }

            Clients.Clear();
        }

        // Play mode may begin without a domain reload: what is static is then as the last game left it.
        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.SubsystemRegistration)]
        private static void Begin()
        {
            CloseAll();
            _current = null;
        }

        private void OnEnable()
        {
            if (_current == null)
            {
                _current = this;
            }

            if (persistent && transform.parent == null && Application.isPlaying)
            {
                DontDestroyOnLoad(gameObject);
            }

            _wasConnected = false;
            _refusalTold = false;
            _ear.Begin();
            Open();
        }

        private void OnDisable()
        {
            if (Client != null)
            {
                Client.Close();
                Clients.Remove(Client);
                Client = null;
            }

            if (_current == this)
            {
                _current = null;
            }
        }

        private void OnApplicationQuit()
        {
            OnDisable();
        }

        private void Update()
        {
            if (Client == null)
            {
                return;
            }

            if (!_wasConnected && Client.IsConnected)
            {
                _wasConnected = true;
                Connected?.Invoke();
            }

            while (Client != null && Client.TakeEvent(out IEvent happened))
            {
                Tell(happened);
            }

            Look();
        }

        private void LateUpdate()
        {
            FindListener();
            if (_current == this && listener != null)
            {
                RoomtoneZone.MixAll(listener.position);
            }
        }

        private void Open()
        {
            try
            {
                string secret = token.Length > 0 ? token : Environment.GetEnvironmentVariable(TokenVariable) ?? "";
                Client = Client.Begin(endpoint, secret, aheadMs);
                Clients.Add(Client);
                Trouble = "";
            }
            catch (SettingsException error)
            {
                Trouble = error.Message;
                Debug.LogError("Roomtone: " + error.Message, this);
            }
        }

        private void Tell(IEvent happened)
        {
            if (happened is Disconnected lost)
            {
                Disconnected?.Invoke(lost.Reason);
            }
            else if (happened is Reconnected back)
            {
                Reconnected?.Invoke(back.Resumed);
            }
            else if (happened is Error error)
            {
                Debug.LogWarning("Roomtone: " + error.ToException().Message, this);
                Erred?.Invoke(error);
            }

            Happened?.Invoke(happened);
        }

        private void Look()
        {
            RoomtoneException refusal = Client == null || Client.IsAlive ? null : Client.Refusal;
            if (refusal == null || _refusalTold)
            {
                Trouble = refusal != null ? Trouble : Client == null ? "" : Client.Trouble;
                return;
            }

            _refusalTold = true;
            Trouble = refusal.Message;
            Debug.LogError("Roomtone: " + refusal.Message, this);
            Refused?.Invoke(refusal);
        }

        private void FindListener()
        {
            _ear.Listener = listener;
            _ear.Find();
            listener = _ear.Listener;
        }
    }
}
