using Roomtone.Wire;

namespace Roomtone
{
    /// <summary>Who this client is, and how its hello on the connection of today is doing. The connection's thread.</summary>
    internal sealed class Greeting
    {
        // The daemon closes a connection without a session after so long.
        private const double WelcomeS = 6.0;

        private readonly string _client;
        private readonly string _token;
        private string _secret = "";
        private int _helloId;
        private double _saidS;
        private State _state;

        public Greeting(string client, string token)
        {
            _client = client;
            _token = token;
        }

        private enum State
        {
            Unsaid,
            Said,
            Answered,
        }

        /// <summary>Whether hello is still to be said.</summary>
        public bool IsDue
        {
            get { return _state == State.Unsaid; }
        }

        /// <summary>Whether the daemon has ever said welcome.</summary>
        public bool HasSession
        {
            get { return _secret.Length > 0; }
        }

        /// <summary>Begins anew on another connection.</summary>
        public void Reset()
        {
            _state = State.Unsaid;
        }

        /// <summary>Says hello.</summary>
        public Hello Say(int id, double nowS)
        {
            _helloId = id;
            _saidS = nowS;
            _state = State.Said;
            return new Hello(id, new[] { Limits.ProtocolVersion }, _client, _token, _secret);
        }

        /// <summary>Whether a message is the answer to hello: the first is.</summary>
        public bool IsAnswer(DaemonMessage message)
        {
            return _state == State.Said && message.Id == _helloId;
        }

        /// <summary>Notes the answer.</summary>
        public void Welcomed(Welcome welcome)
        {
            _secret = welcome.Session;
            _state = State.Answered;
        }

        /// <summary>Refuses to wait any longer.</summary>
        public void CheckPatience(double nowS, string endpoint)
        {
            if (_state == State.Said && nowS - _saidS > WelcomeS)
            {
                throw new WireException("connection.no-welcome", "the daemon does not answer hello", endpoint);
            }
        }
    }
}
