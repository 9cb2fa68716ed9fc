using System;
using System.Net.Sockets;

namespace Roomtone.Wire
{
    /// <summary>
    /// A connect-only ZMTP 3 DEALER on a plain TCP socket: mechanism NULL, no identity, no native part. It takes a
    /// socket that is connected and owns it from then on. One thread.
    /// </summary>
    public sealed class ZmtpDealer : IDisposable
    {
        // Mono's Send goes round in circles until the socket has taken all, also where it must not block. A socket that
        // can be written to takes so much at once.
        private const int MostAtOnceBytes = 1024;

        private readonly Socket _socket;
        private readonly ZmtpPeer _peer = new ZmtpPeer();

        /// <summary>Begins the handshake on a connected socket.</summary>
        public ZmtpDealer(Socket socket)
        {
            _socket = socket;
            _socket.NoDelay = true;
            _socket.Blocking = false;
        }

        /// <summary>Whether the handshake is over and messages may be sent.</summary>
        public bool IsOpen
        {
            get { return _peer.IsOpen; }
        }

        /// <summary>Whether all that was sent has left.</summary>
        public bool IsFlushed
        {
            get { return _peer.Outgoing.Count == 0; }
        }

        /// <summary>Sends what waits, and waits for what the daemon says; returns how many bytes came.</summary>
        /// <param name="waitUs">How long to wait, in microseconds.</param>
        /// <exception cref="WireException">The connection has ended: <c>zmtp.closed</c>.</exception>
        public int Turn(int waitUs)
        {
            Flush();
            if (!_socket.Poll(waitUs, SelectMode.SelectRead))
            {
                return 0;
            }

            ArraySegment<byte> room = _peer.Room();
            int bytes = _socket.Receive(room.Array, room.Offset, room.Count, SocketFlags.None, out SocketError error);
            if (error == SocketError.WouldBlock || error == SocketError.Interrupted)
            {
                return 0;
            }

            if (error != SocketError.Success || bytes == 0)
            {
                throw Closed(error);
            }

            _peer.Heard(bytes);
            return bytes;
        }

        /// <summary>Takes the next message: its header, and its samples where it has some. Both hold until the next turn.</summary>
        /// <exception cref="WireException">What was heard is not what a daemon says: the connection must end.</exception>
        public bool Take(out ArraySegment<byte> header, out ArraySegment<byte> pcm)
        {
            return _peer.Take(out header, out pcm);
        }

        /// <summary>Queues one message of one frame.</summary>
        public void Send(ArraySegment<byte> header)
        {
            _peer.Send(header);
        }

        /// <summary>Queues a PING, which the daemon must answer.</summary>
        public void Ping()
        {
            _peer.Ping();
        }

        /// <summary>Sends what the socket takes now.</summary>
        public void Flush()
        {
            while (_peer.Outgoing.Count > 0 && _socket.Poll(0, SelectMode.SelectWrite))
            {
                ArraySegment<byte> waiting = _peer.Outgoing.Waiting;
                int size = Math.Min(waiting.Count, MostAtOnceBytes);
                int sent = _socket.Send(waiting.Array, waiting.Offset, size, SocketFlags.None, out SocketError error);
                if (error == SocketError.WouldBlock || error == SocketError.Interrupted)
                {
                    return;
                }

                if (error != SocketError.Success)
                {
                    throw Closed(error);
                }

                _peer.Outgoing.Sent(sent);
            }
        }

        /// <summary>Says that nothing more will be said; what the daemon still says can be heard.</summary>
        public void Finish()
        {
            _socket.Shutdown(SocketShutdown.Send);
        }

        /// <summary>Closes the socket at once.</summary>
        public void Dispose()
        {
            _socket.Close();
        }

        private WireException Closed(SocketError error)
        {
            string how = error == SocketError.Success ? "closed" : "broken (" + error + ")";
            return IsOpen
                ? ZmtpCommands.Refuse("closed", "the connection was " + how, "see whether the daemon runs")
                : ZmtpCommands.Refuse(
                    "closed",
                    "the connection was " + how + " during the handshake: wrong mechanism?",
                    "check the address, and that the daemon asks for no keys");
        }
    }
}
