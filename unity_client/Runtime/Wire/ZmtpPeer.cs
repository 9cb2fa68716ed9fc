using System;

namespace Roomtone.Wire
{
    /// <summary>
    /// A DEALER without its socket: what was heard goes in, messages come out, what must be said is queued. Memory is
    /// bounded by two frames of a mebibyte, whatever the other side claims. One thread.
    /// </summary>
    internal sealed class ZmtpPeer
    {
        /// <summary>A client hangs up on longer frames before it allocates them: 1.4 of the protocol.</summary>
        public const int MostFrameBytes = 1048576;

        private const int MostQueuedBytes = 1048576;
        private const int LeastRoomBytes = 16384;
        private const int MostHeadBytes = 9;

        private byte[] _heard = new byte[4 * LeastRoomBytes];
        private int _at;
        private int _end;
        private byte[] _header = new byte[1024];
        private int _headerBytes;
        private bool _headerWaits;
        private Stage _stage = Stage.Greeting;

        public ZmtpPeer()
        {
            Outgoing = new ByteQueue(MostQueuedBytes);
            Outgoing.Add(ZmtpBytes.Greeting, 0, ZmtpBytes.Greeting.Length);
        }

        private enum Stage
        {
            Greeting,
            Handshake,
            Open,
        }

        /// <summary>What must be said.</summary>
        public ByteQueue Outgoing { get; }

        /// <summary>Whether the daemon is ready: a message before that would end the connection.</summary>
        public bool IsOpen
        {
            get { return _stage == Stage.Open; }
        }

        /// <summary>Where the next bytes from the socket go. What an earlier message said no longer holds.</summary>
        public ArraySegment<byte> Room()
        {
            if (_at > 0)
            {
                Buffer.BlockCopy(_heard, _at, _heard, 0, _end - _at);
                _end -= _at;
                _at = 0;
            }

            if (_heard.Length - _end < LeastRoomBytes)
            {
                Array.Resize(ref _heard, Math.Min(2 * _heard.Length, MostFrameBytes + MostHeadBytes + LeastRoomBytes));
            }

            return new ArraySegment<byte>(_heard, _end, _heard.Length - _end);
        }

        /// <summary>Notes how many bytes went there.</summary>
        public void Heard(int bytes)
        {
            _end += bytes;
        }

        /// <summary>Queues a message.</summary>
        public void Send(ArraySegment<byte> body)
        {
            ZmtpBytes.Message(Outgoing, body);
        }

        /// <summary>Queues a PING.</summary>
        public void Ping()
        {
            Outgoing.Add(ZmtpBytes.Ping, 0, ZmtpBytes.Ping.Length);
        }

        /// <summary>Takes the next message, of one frame or two; false until it has come whole.</summary>
        /// <exception cref="WireException">What was heard is not what a daemon says.</exception>
        public bool Take(out ArraySegment<byte> header, out ArraySegment<byte> pcm)
        {
            header = default;
            pcm = default;
            if (_stage == Stage.Greeting && !TakeGreeting())
            {
                return false;
            }

            while (TakeFrame(out byte flags, out int bodyAt, out int bodyBytes))
            {
                if ((flags & ZmtpBytes.Command) != 0)
                {
                    TakeCommand(bodyAt, bodyBytes);
                }
                else if (TakePart(flags, new ArraySegment<byte>(_heard, bodyAt, bodyBytes), out header, out pcm))
                {
                    return true;
                }
            }

            return false;
        }

        private bool TakeGreeting()
        {
            ZmtpCommands.CheckGreeting(_heard, _at, _end - _at);
            if (_end - _at < ZmtpBytes.GreetingBytes)
            {
                return false;
            }

            // Not sooner: one that wants another mechanism hangs up, which unread bytes would make a broken connection.
            Outgoing.Add(ZmtpBytes.Ready, 0, ZmtpBytes.Ready.Length);
            _at += ZmtpBytes.GreetingBytes;
            _stage = Stage.Handshake;
            return true;
        }

        private void TakeCommand(int at, int count)
        {
            if (_stage == Stage.Open)
            {
                ZmtpCommands.Take(_heard, at, count, Outgoing);
                return;
            }

            ZmtpCommands.CheckReady(_heard, at, count);
            _stage = Stage.Open;
        }

        /// <summary>Takes one frame of a message; whether the message is whole with it.</summary>
        private bool TakePart(
            byte flags, ArraySegment<byte> body, out ArraySegment<byte> header, out ArraySegment<byte> pcm)
        {
            header = body;
            pcm = default;
            if (_stage != Stage.Open)
            {
                throw ZmtpCommands.Refuse("no-ready", "a message before READY", "check the address and the port");
            }

            bool more = (flags & ZmtpBytes.More) != 0;
            if (_headerWaits && more)
            {
                throw new WireException(
                    "wire.bad-frames", "a message of more than two frames", fix: "update the client");
            }

            if (more)
            {
                KeepHeader(body);
                return false;
            }

            if (_headerWaits)
            {
                header = new ArraySegment<byte>(_header, 0, _headerBytes);
                pcm = body;
                _headerWaits = false;
            }

            return true;
        }

        private void KeepHeader(ArraySegment<byte> body)
        {
            if (body.Count > _header.Length)
            {
                _header = new byte[body.Count];
            }

            Buffer.BlockCopy(body.Array, body.Offset, _header, 0, body.Count);
            _headerBytes = body.Count;
            _headerWaits = true;
        }

        private bool TakeFrame(out byte flags, out int bodyAt, out int bodyBytes)
        {
            flags = _at < _end ? _heard[_at] : (byte)0;
            bodyAt = 0;
            bodyBytes = 0;
            CheckFlags(flags);
            int headBytes = (flags & ZmtpBytes.Long) != 0 ? MostHeadBytes : 2;
            if (_end - _at < headBytes)
            {
                return false;
            }

            bodyBytes = Length(headBytes);
            bodyAt = _at + headBytes;
            if (_end - bodyAt < bodyBytes)
            {
                return false;
            }

            _at = bodyAt + bodyBytes;
            return true;
        }

        private static void CheckFlags(byte flags)
        {
            bool known = (flags & ~(ZmtpBytes.More | ZmtpBytes.Long | ZmtpBytes.Command)) == 0;
            if (!known || (flags & (ZmtpBytes.More | ZmtpBytes.Command)) == (ZmtpBytes.More | ZmtpBytes.Command))
            {
                string what = "a frame with flags " + flags.ToString("x2");
                throw ZmtpCommands.Refuse("bad-frame", what, "update the older of daemon and client");
            }
        }

        private int Length(int headBytes)
        {
            ulong length = 0;
            for (int i = 1; i < headBytes; i++)
            {
                length = (length << 8) | _heard[_at + i];
            }

            if (length > MostFrameBytes)
            {
                string what = "a frame of " + length + " bytes, above " + MostFrameBytes;
                throw ZmtpCommands.Refuse("too-large", what, "update the older of daemon and client");
            }

            return (int)length;
        }
    }
}
