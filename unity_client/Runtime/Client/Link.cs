using System;
using System.Net;
using System.Net.Sockets;
using Roomtone.Wire;

namespace Roomtone
{
    /// <summary>One connection to the daemon: from its first attempt until it breaks, and never beyond. One thread.</summary>
    /// <remarks>
    /// When it breaks it is closed and another is made, so nothing that was queued for the old connection can reach a new
    /// one ahead of its hello.
    /// </remarks>
    internal sealed class Link : IDisposable
    {
        private const double HandshakeS = 3.0;
        private const double HeartbeatS = 1.0;
        private const double HeartbeatTimeoutS = 2.0;

        private readonly Endpoint _endpoint;
        private readonly Func<double> _nowS;
        private readonly double _madeS;
        private IAsyncResult _resolving;
        private IAsyncResult _connecting;
        private Socket _socket;
        private ZmtpDealer _dealer;
        private double _heardS;
        private double _pingedS = double.NaN;

        public Link(Endpoint endpoint, Func<double> nowS)
        {
            _endpoint = endpoint;
            _nowS = nowS;
            _madeS = nowS();
        }

        /// <summary>Whether messages may be sent.</summary>
        public bool IsOpen
        {
            get { return _dealer != null && _dealer.IsOpen; }
        }

        /// <summary>Whether all that was sent has left.</summary>
        public bool IsFlushed
        {
            get { return _dealer == null || _dealer.IsFlushed; }
        }

        /// <summary>Gets on with whatever there is to do, and waits a little for the daemon.</summary>
        /// <exception cref="WireException">The connection cannot be made, or is broken.</exception>
        public void Turn(int waitUs)
        {
            try
            {
                if (_dealer == null)
                {
                    Approach(waitUs);
                }
                else if (_dealer.Turn(waitUs) > 0)
                {
                    _heardS = _nowS();
                    _pingedS = double.NaN;
                }
                else
                {
                    KeepAlive();
                }
            }
            catch (SocketException error)
            {
                throw Unreachable(error.SocketErrorCode.ToString());
            }

            if (!IsOpen && _nowS() - _madeS > HandshakeS)
            {
                throw Unreachable(_dealer == null ? "no answer" : "no handshake");
            }
        }

        /// <summary>Takes the next message; both parts hold until the next turn.</summary>
        public bool Take(out ArraySegment<byte> header, out ArraySegment<byte> pcm)
        {
            header = default;
            pcm = default;
            return _dealer != null && _dealer.Take(out header, out pcm);
        }

        /// <summary>Queues one message.</summary>
        public void Send(ArraySegment<byte> header)
        {
            _dealer.Send(header);
        }

        /// <summary>Says that nothing more will be said, once all that was sent has left.</summary>
        public void Finish()
        {
            _dealer.Finish();
        }

        /// <summary>Closes it at once.</summary>
        public void Dispose()
        {
            if (_dealer != null)
            {
                _dealer.Dispose();
            }
            else if (_socket != null)
            {
                _socket.Close();
            }
        }

        private void Approach(int waitUs)
        {
            IAsyncResult step = _resolving ?? _connecting ?? Begin();
            if (!step.AsyncWaitHandle.WaitOne(TimeSpan.FromMilliseconds(waitUs / 1000.0)))
            {
                return;
            }

            if (_resolving != null)
            {
                IPAddress[] addresses = Dns.EndGetHostAddresses(_resolving);
                _resolving = null;
                Connect(Preferred(addresses));
                return;
            }

            _socket.EndConnect(_connecting);
            _dealer = new ZmtpDealer(_socket);
            _heardS = _nowS();
        }

        private IAsyncResult Begin()
        {
            if (IPAddress.TryParse(_endpoint.Host, out IPAddress address))
            {
                return Connect(address);
            }

            _resolving = Dns.BeginGetHostAddresses(_endpoint.Host, null, null);
            return _resolving;
        }

        private IAsyncResult Connect(IPAddress address)
        {
            _socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            _connecting = _socket.BeginConnect(new IPEndPoint(address, _endpoint.Port), null, null);
            return _connecting;
        }

        /// <summary>A daemon binds 127.0.0.1 by default, and `localhost` may name ::1 first.</summary>
        private IPAddress Preferred(IPAddress[] addresses)
        {
            foreach (IPAddress address in addresses)
            {
                if (address.AddressFamily == AddressFamily.InterNetwork)
                {
                    return address;
                }
            }

            return addresses.Length > 0 ? addresses[0] : throw Unreachable("the name has no address");
        }

        /// <summary>Notices a network that died: asks after a second of silence, gives up two seconds later.</summary>
        private void KeepAlive()
        {
            double nowS = _nowS();
            if (!IsOpen || nowS - _heardS < HeartbeatS)
            {
                return;
            }

            if (double.IsNaN(_pingedS))
            {
                _pingedS = nowS;
                _dealer.Ping();
            }
            else if (nowS - _pingedS > HeartbeatTimeoutS)
            {
                throw new WireException(
                    "zmtp.silent", "nothing was heard for a while", _endpoint.Text, "see whether the daemon hangs");
            }
        }

        private WireException Unreachable(string why)
        {
            return new WireException(
                "zmtp.unreachable", "cannot connect (" + why + ")", _endpoint.Text, "see whether the daemon runs");
        }
    }
}
