using System;
using System.Text;

namespace Roomtone.Wire
{
    /// <summary>What a DEALER says in ZMTP 3.1, byte for byte: annex B of the protocol.</summary>
    internal static class ZmtpBytes
    {
        public const int GreetingBytes = 64;
        public const int MostContextBytes = 16;
        public const byte More = 0x01;
        public const byte Long = 0x02;
        public const byte Command = 0x04;

        /// <summary>The first 64 bytes: version 3.1, mechanism NULL.</summary>
        public static readonly byte[] Greeting = MakeGreeting();

        /// <summary>READY of a DEALER without an identity.</summary>
        public static readonly byte[] Ready = MakeReady();

        /// <summary>PING without a time to live or a context.</summary>
        public static readonly byte[] Ping = { Command, 7, 4, (byte)'P', (byte)'I', (byte)'N', (byte)'G', 0, 0 };

        private static byte[] MakeGreeting()
        {
            byte[] greeting = new byte[GreetingBytes];
            greeting[0] = 0xff;
            greeting[9] = 0x7f;
            greeting[10] = 3;
            greeting[11] = 1;
            Encoding.ASCII.GetBytes("NULL", 0, 4, greeting, 12);
            return greeting;
        }

        private static byte[] MakeReady()
        {
            string text = "\x04\x29\x05READY\x0bSocket-Type\0\0\0\x06" + "DEALER\x08Identity\0\0\0\0";
            byte[] ready = new byte[text.Length];
            for (int i = 0; i < ready.Length; i++)
            {
                ready[i] = (byte)text[i];
            }

            return ready;
        }

        /// <summary>Queues the answer to a PING: its context comes back.</summary>
        public static void Pong(ByteQueue to, byte[] bytes, int contextAt, int contextBytes)
        {
            to.Add(Command);
            to.Add((byte)(5 + contextBytes));
            to.Add(4);
            to.Add((byte)'P');
            to.Add((byte)'O');
            to.Add((byte)'N');
            to.Add((byte)'G');
            to.Add(bytes, contextAt, contextBytes);
        }

        /// <summary>Queues a message of one frame.</summary>
        public static void Message(ByteQueue to, ArraySegment<byte> body)
        {
            if (body.Count <= byte.MaxValue)
            {
                to.Add(0);
                to.Add((byte)body.Count);
            }
            else
            {
                to.Add(Long);
                for (int shift = 56; shift >= 0; shift -= 8)
                {
                    to.Add((byte)((ulong)body.Count >> shift));
                }
            }

            to.Add(body.Array, body.Offset, body.Count);
        }
    }
}
