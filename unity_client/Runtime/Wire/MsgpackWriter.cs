using System;
using System.Collections.Generic;
using System.Text;

namespace Roomtone.Wire
{
    /// <summary>Writes headers: annex A of the protocol, each value in its shortest form. One thread.</summary>
    public sealed class MsgpackWriter
    {
        private byte[] _bytes = new byte[512];
        private int _size;

        /// <summary>What has been written; valid until the next message begins.</summary>
        public ArraySegment<byte> Written
        {
            get { return new ArraySegment<byte>(_bytes, 0, _size); }
        }

        internal void Message(string name, int fields)
        {
            _size = 0;
            Map(fields + 1);
            Field("t", name);
        }

        internal void Map(int entries)
        {
            Header(entries, 0x80, 16, 0xde);
        }

        internal void Array(int items)
        {
            Header(items, 0x90, 16, 0xdc);
        }

        internal void Field(string name, long value)
        {
            Text(name);
            Integer(value);
        }

        internal void Field(string name, double value)
        {
            Text(name);
            Number(value);
        }

        internal void Field(string name, string value)
        {
            Text(name);
            Text(value);
        }

        internal void Field(string name, bool value)
        {
            Text(name);
            Byte(value ? (byte)0xc3 : (byte)0xc2);
        }

        internal void Field(string name, Vector value)
        {
            Text(name);
            Vector(value);
        }

        internal void Field(string name, IReadOnlyDictionary<string, double> values)
        {
            Text(name);
            Map(values.Count);
            foreach (KeyValuePair<string, double> entry in values)
            {
                Field(entry.Key, entry.Value);
            }
        }

        internal void NilField(string name)
        {
            Text(name);
            Byte(0xc0);
        }

        internal void Vector(Vector value)
        {
            Array(3);
            Number(value.X);
            Number(value.Y);
            Number(value.Z);
        }

        internal void Number(double value)
        {
            Byte(0xcb);
            Tail((ulong)BitConverter.DoubleToInt64Bits(value), 8);
        }

        internal void Integer(long value)
        {
            if (value >= 0)
            {
                Positive((ulong)value);
            }
            else if (value >= -32)
            {
                Byte((byte)value);
            }
            else
            {
                int power = value >= sbyte.MinValue ? 0 : value >= short.MinValue ? 1 : value >= int.MinValue ? 2 : 3;
                Byte((byte)(0xd0 + power));
                Tail((ulong)value, 1 << power);
            }
        }

        internal void Text(string text)
        {
            int size = Encoding.UTF8.GetByteCount(text);
            if (size < 32)
            {
                Byte((byte)(0xa0 | size));
            }
            else
            {
                int power = size <= byte.MaxValue ? 0 : size <= ushort.MaxValue ? 1 : 2;
                Byte((byte)(0xd9 + power));
                Tail((ulong)size, 1 << power);
            }

            Room(size);
            _size += Encoding.UTF8.GetBytes(text, 0, text.Length, _bytes, _size);
        }

        private void Positive(ulong value)
        {
            if (value < 0x80)
            {
                Byte((byte)value);
                return;
            }

            int power = value <= byte.MaxValue ? 0 : value <= ushort.MaxValue ? 1 : value <= uint.MaxValue ? 2 : 3;
            Byte((byte)(0xcc + power));
            Tail(value, 1 << power);
        }

        private void Header(int count, int shortLead, int shortCount, int longLead)
        {
            if (count < shortCount)
            {
                Byte((byte)(shortLead | count));
                return;
            }

            int power = count <= ushort.MaxValue ? 0 : 1;
            Byte((byte)(longLead + power));
            Tail((ulong)count, 2 << power);
        }

        private void Tail(ulong value, int bytes)
        {
            Room(bytes);
            for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
            {
                _bytes[_size++] = (byte)(value >> shift);
            }
        }

        private void Byte(byte value)
        {
            Room(1);
            _bytes[_size++] = value;
        }

        private void Room(int bytes)
        {
            if (_size + bytes > _bytes.Length)
            {
                System.Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _size + bytes));
            }
        }
    }
}
