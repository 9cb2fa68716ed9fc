using System;
using System.Threading;
using Roomtone.Wire;

namespace Roomtone
{
    /// <summary>The thread that speaks to the daemon, and makes a new connection when the old one breaks.</summary>
    /// <remarks>
    /// The first group of methods is any thread's, the rest its own. A request that is not answered when the connection
    /// breaks is sent again on the next one.
    /// </remarks>
    internal sealed class Connection
    {
        // The daemon takes a client that says nothing for ten seconds for one that hangs.
        private const double QuietS = 2.0;

        private const int PlayingWaitUs = 2000;
        private const int IdleWaitUs = 10000;
        private const int JoinMs = 5000;

        private readonly Endpoint _endpoint;
        private readonly IConnectionOwner _owner;
        private readonly Greeting _greeting;
        private readonly Func<double> _nowS;
        private readonly Thread _thread;
        private readonly Codec _codec = new Codec();
        private readonly Retry _retry = new Retry();
        private readonly Pending _requests = new Pending();
        private readonly Pending _openings = new Pending();
        private Link _link;
        private int _lastId;
        private bool _live;
        private double _spokeS;
        private volatile bool _closing;
        private volatile RoomtoneException _refusal;
        private volatile string _trouble = "";

        public Connection(Endpoint endpoint, IConnectionOwner owner, string client, string token, Func<double> nowS)
        {
            _endpoint = endpoint;
            _owner = owner;
            _greeting = new Greeting(client, token);
            _nowS = nowS;
            _thread = new Thread(Run) { Name = "roomtone-client", IsBackground = true };
        }

        // Any thread -----------------------------------------------------------------------------------

        /// <summary>Why the daemon will have nothing to do with this client, if so.</summary>
        public RoomtoneException Refusal
        {
            get { return _refusal; }
        }

        /// <summary>What was wrong with the last attempt.</summary>
        public string Trouble
        {
            get { return _trouble; }
        }

        /// <summary>Whether its thread runs.</summary>
        public bool IsAlive
        {
            get { return _thread.IsAlive; }
        }

        /// <summary>Begins to connect.</summary>
        public void Start()
        {
            _thread.Start();
        }

        /// <summary>Numbers a request.</summary>
        public int NextId()
        {
            return Interlocked.Increment(ref _lastId);
        }

        /// <summary>What other threads want said: requests wait for a connection, what has no answer does not.</summary>
        public Mailbox Mail { get; } = new Mailbox();

        /// <summary>Says goodbye and ends the thread.</summary>
        public void Close()
        {
            _closing = true;
            Mail.Wake();
            if (_thread.IsAlive && Thread.CurrentThread != _thread)
            {
                _thread.Join(JoinMs);
            }
        }

        // Its own thread -------------------------------------------------------------------------------

        /// <summary>Sends a request that opens something again, before the others may go on; it dies with the connection.</summary>
        public void AskNow(ClientRequest message, Action<DaemonMessage, RoomtoneException> then)
        {
            _openings.Add(new PendingRequest(message, AsItIs, then));
            SendNow(message);
        }

        /// <summary>Sends past everything that waits.</summary>
        public void SendNow(ClientMessage message)
        {
            if (_link != null && _link.IsOpen)
            {
                _spokeS = _nowS();
                _link.Send(_codec.Encode(message));
            }
        }

        /// <summary>Grants credit.</summary>
        public void SendCredit(int scene, long untilFrame, long receivedFrame)
        {
            if (_link != null && _link.IsOpen)
            {
                _spokeS = _nowS();
                _link.Send(_codec.EncodeCredit(scene, untilFrame, receivedFrame));
            }
        }

        /// <summary>Everything is open again: sends what had to wait.</summary>
        public void GoOn()
        {
            _live = _link != null;
            foreach (ClientRequest message in _requests.Again())
            {
                SendNow(message);
            }
        }

        private void Run()
        {
            try
            {
                while (!_closing)
                {
                    Turn();
                }

                SayGoodbye();
            }
            catch (Exception error)
            {
                // The one place where whatever goes wrong on this thread ends up: a game must not die of it.
                string what = error.ToString();
                _refusal = new ConnectionLostException("connection.failed", what, _endpoint.Text, "report it");
            }
            finally
            {
                DropLink();
                RoomtoneException reason = _refusal ?? Refusals.Closed();
                _requests.Fail(reason);
                Mail.Close(reason);
                _owner.Ended();
            }
        }

        private void Turn()
        {
            try
            {
                Mend();
                if (_link == null)
                {
                    Mail.Wait(Math.Max(0.001, _retry.AtS - _nowS()));
                }
                else
                {
                    Attend();
                }

                SendMail();
            }
            catch (WireException error)
            {
                Lose(error.Message);
            }
        }

        private void Mend()
        {
            if (_link == null && _nowS() >= _retry.AtS)
            {
                _greeting.Reset();
                _link = new Link(_endpoint, _nowS);
            }
        }

        private void Attend()
        {
            _link.Turn(_owner.IsPlaying ? PlayingWaitUs : IdleWaitUs);
            while (_link != null && _link.Take(out ArraySegment<byte> header, out ArraySegment<byte> pcm))
            {
                Hear(header, pcm);
            }

            if (_link == null || !_link.IsOpen)
            {
                return;
            }

            if (_greeting.IsDue)
            {
                SendNow(_greeting.Say(NextId(), _nowS()));
            }
            else if (_live)
            {
                _owner.Tick();
                BreakSilence();
            }

            _greeting.CheckPatience(_nowS(), _endpoint.Text);
        }

        private void BreakSilence()
        {
            if (_nowS() - _spokeS > QuietS)
            {
                SendNow(new GetStats(NextId()));
            }
        }

        private void Hear(ArraySegment<byte> header, ArraySegment<byte> pcm)
        {
            try
            {
                DaemonMessage message = _codec.DecodeDaemon(header);
                if (message is Audio != (pcm.Array != null))
                {
                    throw new WireException("wire.bad-frames", "a message without its samples, or with others");
                }

                Take(message, pcm);
            }
            catch (WireException error) when (error.Code == "wire.unknown-message")
            {
                // It is from a later revision.
            }
            catch (WireException error) when (error.Code.StartsWith("wire.", StringComparison.Ordinal))
            {
                // A broken message is reported, and all is resumed on a new connection.
                _owner.Received(new Error(0, error.Code, error.What, error.At, error.Fix), default);
                throw;
            }
        }

        private void Take(DaemonMessage message, ArraySegment<byte> pcm)
        {
            if (message is Audio)
            {
                _owner.Received(message, pcm);
            }
            else if (message is Welcome welcome)
            {
                if (_greeting.IsAnswer(welcome))
                {
                    TakeWelcome(welcome);
                }
            }
            else if (message is Bye bye)
            {
                ToldGoodbye(bye.Reason);
            }
            else if (message is Error error && _greeting.IsAnswer(error))
            {
                Refused(error);
            }
            else if (message is Error other && other.Code == "session.hello-first")
            {
                throw new WireException("connection.forgotten", "the daemon has forgotten this connection");
            }
            else if (!_requests.Settle(message) && !_openings.Settle(message) && message.Id == 0)
            {
                // With a number, it would answer a request that nobody waits for any more.
                _owner.Received(message, pcm);
            }
        }

        private void TakeWelcome(Welcome welcome)
        {
            RoomtoneException otherClock = Refusals.OtherClock(welcome);
            if (otherClock != null)
            {
                End(otherClock);
                return;
            }

            _greeting.Welcomed(welcome);
            _retry.Welcomed();
            _trouble = "";
            _owner.Welcomed(welcome);
        }

        private void ToldGoodbye(string reason)
        {
            RoomtoneException farewell = Refusals.Farewell(reason, _endpoint.Text);
            if (farewell == null)
            {
                throw new WireException("connection.bye", reason.Length == 0 ? "the daemon said goodbye" : reason);
            }

            End(farewell);
        }

        private void Refused(Error error)
        {
            if (!Refusals.IsFinal(error.Code, _greeting.HasSession))
            {
                throw error.ToException();
            }

            End(error.ToException());
        }

        private void End(RoomtoneException refusal)
        {
            _refusal = refusal;
            _closing = true;
            _live = false;
        }

        /// <summary>Closes the link and plans the next.</summary>
        private void Lose(string reason)
        {
            DropLink();
            _trouble = reason;
            _openings.Forget();
            _retry.Lost(_nowS());
            _owner.Lost(reason);
        }

        private void DropLink()
        {
            _live = false;
            if (_link != null)
            {
                _link.Dispose();
                _link = null;
            }
        }

        private void SayGoodbye()
        {
            if (_live)
            {
                SendNow(new ClientBye());
                Goodbye.Linger(_link, _nowS);
            }
        }

        private void SendMail()
        {
            while (Mail.Take(out PendingRequest request, out ClientMessage message))
            {
                if (request != null)
                {
                    _requests.Add(request);
                }

                if (_live)
                {
                    SendNow(request != null ? request.Renumbered() : message);
                }
            }
        }

        private static ClientRequest AsItIs(ClientRequest message)
        {
            return message;
        }
    }
}
