using System;
using System.Text;

namespace Roomtone.Wire
{
    /// <summary>
    /// A place in a header that moves on as values are read: annex A of the protocol. It trusts its bytes, which
    /// <see cref="MsgpackCheck"/> has looked at, and allocates nothing but the strings that it is asked for.
    /// </summary>
    internal struct MsgpackReader
    {
        private readonly byte[] _bytes;
        private int _at;

        public MsgpackReader(byte[] bytes, int at)
        {
            _bytes = bytes;
            _at = at;
        }

        public byte[] Bytes
        {
            get { return _bytes; }
        }

        public int At
        {
            get { return _at; }
        }

        public MsgpackKind Kind
        {
            get { return KindOf(_bytes[_at]); }
        }

        public static MsgpackKind KindOf(byte lead)
        {
            if (lead <= 0x7f || lead >= 0xe0)
            {
                return MsgpackKind.Integer;
            }

            if (lead <= 0x8f)
            {
                return MsgpackKind.Map;
            }

            if (lead <= 0x9f)
            {
                return MsgpackKind.Array;
            }

            return lead <= 0xbf ? MsgpackKind.String : LongKinds[lead - 0xc0];
        }

        /// <summary>Reads an integer; one beyond 2^63 - 1 is that, which no field allows.</summary>
        public long ReadInteger()
        {
            byte lead = _bytes[_at++];
            if (lead <= 0x7f || lead >= 0xe0)
            {
                return (sbyte)lead;
            }

            int size = 1 << (lead & 3);
            ulong bits = Take(size);
            if (lead <= 0xcf)
            {
                return bits > long.MaxValue ? long.MaxValue : (long)bits;
            }

            int unused = 64 - (8 * size);
            return (long)(bits << unused) >> unused;
        }

        /// <summary>Reads a float, or an integer as one.</summary>
        public double ReadNumber()
        {
            byte lead = _bytes[_at];
            if (lead == 0xcb)
            {
                _at++;
                return BitConverter.Int64BitsToDouble((long)Take(8));
            }

            if (lead == 0xca)
            {
                _at++;
                return SingleOf((uint)Take(4));
            }

            if (lead == 0xcf)
            {
                _at++;
                return (double)Take(8);
            }

            return ReadInteger();
        }

        public bool ReadBoolean()
        {
            return _bytes[_at++] == 0xc3;
        }

        public void ReadNil()
        {
            _at++;
        }

        /// <summary>Reads a string's length and stands at its first byte.</summary>
        public int ReadStringHeader()
        {
            byte lead = _bytes[_at++];
            return lead <= 0xbf ? lead & 0x1f : (int)Take(1 << (lead - 0xd9));
        }

        public int ReadArrayHeader()
        {
            byte lead = _bytes[_at++];
            return lead <= 0x9f ? lead & 0x0f : (int)Take(2 << (lead - 0xdc));
        }

        public int ReadMapHeader()
        {
            byte lead = _bytes[_at++];
            return lead <= 0x8f ? lead & 0x0f : (int)Take(2 << (lead - 0xde));
        }

        public string ReadString()
        {
            int size = ReadStringHeader();
            string text = Encoding.UTF8.GetString(_bytes, _at, size);
            _at += size;
            return text;
        }

        /// <summary>Goes past one value and all that is in it.</summary>
        public void Skip()
        {
            for (int left = 1; left > 0; left--)
            {
                left += SkipOne();
            }
        }

        public void Advance(int bytes)
        {
            _at += bytes;
        }

        /// <summary>Goes past one value's own bytes; returns how many values it holds.</summary>
        private int SkipOne()
        {
            byte lead = _bytes[_at];
            switch (KindOf(lead))
            {
                case MsgpackKind.Array:
                    return ReadArrayHeader();
                case MsgpackKind.Map:
                    return 2 * ReadMapHeader();
                case MsgpackKind.String:
                    int size = ReadStringHeader();
                    _at += size;
                    return 0;
                case MsgpackKind.Binary:
                    _at += 1 + (1 << (lead - 0xc4));
                    return 0;
                default:
                    _at += 1 + NumberBytes(lead);
                    return 0;
            }
        }

        public static int NumberBytes(byte lead)
        {
            if (lead == 0xca)
            {
                return 4;
            }

            if (lead == 0xcb)
            {
                return 8;
            }

            return lead >= 0xcc && lead <= 0xd3 ? 1 << (lead & 3) : 0;
        }

        private ulong Take(int size)
        {
            ulong bits = 0;
            for (int end = _at + size; _at < end; _at++)
            {
                bits = (bits << 8) | _bytes[_at];
            }

            return bits;
        }

        /// <summary>Widens without float's own arithmetic, so that every not-a-number stays one.</summary>
        private static double SingleOf(uint bits)
        {
            int exponent = (int)(bits >> 23) & 0xff;
            ulong sign = (ulong)(bits >> 31) << 63;
            ulong fraction = (ulong)(bits & 0x7fffff);
            if (exponent == 0xff)
            {
                return BitConverter.Int64BitsToDouble((long)(sign | 0x7ff0000000000000UL | (fraction << 29)));
            }

            if (exponent == 0)
            {
                double tiny = fraction * Math.Pow(2.0, -149);
                return sign == 0 ? tiny : -tiny;
            }

            return BitConverter.Int64BitsToDouble((long)(sign | ((ulong)(exponent + 896) << 52) | (fraction << 29)));
        }

        private static readonly MsgpackKind[] LongKinds =
        {
            MsgpackKind.Nil, MsgpackKind.Never, MsgpackKind.Boolean, MsgpackKind.Boolean,
            MsgpackKind.Binary, MsgpackKind.Binary, MsgpackKind.Binary, MsgpackKind.Never,
            MsgpackKind.Never, MsgpackKind.Never, MsgpackKind.Float, MsgpackKind.Float,
            MsgpackKind.Integer, MsgpackKind.Integer, MsgpackKind.Integer, MsgpackKind.Integer,
            MsgpackKind.Integer, MsgpackKind.Integer, MsgpackKind.Integer, MsgpackKind.Integer,
            MsgpackKind.Never, MsgpackKind.Never, MsgpackKind.Never, MsgpackKind.Never,
            MsgpackKind.Never, MsgpackKind.String, MsgpackKind.String, MsgpackKind.String,
            MsgpackKind.Array, MsgpackKind.Array, MsgpackKind.Map, MsgpackKind.Map,
        };
    }
}
