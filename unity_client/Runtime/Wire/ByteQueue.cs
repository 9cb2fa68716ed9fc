using System;

namespace Roomtone.Wire
{
    /// <summary>Bytes that wait to be sent, in order, up to a bound. One thread.</summary>
    internal sealed class ByteQueue
    {
        private readonly int _mostBytes;
        private byte[] _bytes = new byte[1024];
        private int _start;
        private int _end;

        public ByteQueue(int mostBytes)
        {
            _mostBytes = mostBytes;
        }

        public int Count
        {
            get { return _end - _start; }
        }

        public ArraySegment<byte> Waiting
        {
            get { return new ArraySegment<byte>(_bytes, _start, Count); }
        }

        public void Add(byte value)
        {
            Room(1);
            _bytes[_end++] = value;
        }

        public void Add(byte[] bytes, int offset, int count)
        {
            Room(count);
            Buffer.BlockCopy(bytes, offset, _bytes, _end, count);
            _end += count;
        }

        public void Sent(int bytes)
        {
            _start += bytes;
            if (_start == _end)
            {
                _start = 0;
                _end = 0;
            }
        }

        private void Room(int bytes)
        {
            if (Count + bytes > _mostBytes)
            {
                throw new WireException(
                    "zmtp.stuck", "the connection takes nothing any more", fix: "see whether the daemon runs");
            }

            if (_end + bytes <= _bytes.Length)
            {
                return;
            }

            int count = Count;
            bool fits = count + bytes <= _bytes.Length;
            byte[] room = fits ? _bytes : new byte[Math.Max(2 * _bytes.Length, count + bytes)];
            Buffer.BlockCopy(_bytes, _start, room, 0, count);
            _bytes = room;
            _start = 0;
            _end = count;
        }
    }
}
