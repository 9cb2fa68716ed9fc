using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using Roomtone.Wire;

namespace Roomtone.Runners
{
    /// <summary>Reads bytes as hex, a line each, and says what the package's codecs make of them.</summary>
    internal static class Codecs
    {
        private static readonly Codec Codec = new Codec();

        public static void Run(TextReader lines, TextWriter answers)
        {
            for (string line = lines.ReadLine(); line != null; line = lines.ReadLine())
            {
                string[] words = line.Split(' ');
                answers.WriteLine(Json.Of(Answer(words[0], Bytes(words.Length > 1 ? words[1] : ""))));
                answers.Flush();
            }
        }

        private static object Answer(string verb, byte[] bytes)
        {
            try
            {
                switch (verb)
                {
                    case "daemon": return Json.Message(Codec.DecodeDaemon(new ArraySegment<byte>(bytes)));
                    case "client": return Json.Message(ClientReading.Decode(bytes));
                    case "again": return Hex(Codec.Encode(ClientReading.Decode(bytes)));
                    case "greeting": return Greeting(bytes);
                    case "handshake": return Handshake(bytes);
                    case "frames": return Open(bytes, bytes.Length);
                    case "bytewise": return Open(bytes, 1);
                    default: throw new ArgumentException(verb);
                }
            }
            catch (BadMessageException error)
            {
                return new Dictionary<string, object>
                {
                    { "code", error.Code },
                    { "at", error.At },
                    { "id", error.RequestId },
                    { "what", error.What },
                    { "fix", error.Fix },
                };
            }
            catch (WireException error)
            {
                return new Dictionary<string, object> { { "code", error.Code }, { "what", error.What } };
            }
        }

        /// <summary>Hears the beginning of a connection, byte for byte; says what it says itself.</summary>
        private static object Greeting(byte[] bytes)
        {
            ZmtpPeer peer = new ZmtpPeer();
            Hear(peer, bytes, 1, new List<object>());
            return new Dictionary<string, object> { { "said", Hex(peer.Outgoing.Waiting) } };
        }

        private static object Handshake(byte[] bytes)
        {
            ZmtpPeer peer = new ZmtpPeer();
            Hear(peer, PeerGreeting(), 64, new List<object>());
            Hear(peer, bytes, bytes.Length, new List<object>());
            return new Dictionary<string, object> { { "open", peer.IsOpen } };
        }

        /// <summary>Hears bytes after a handshake; says the messages and what was answered to commands.</summary>
        private static object Open(byte[] bytes, int atOnce)
        {
            ZmtpPeer peer = new ZmtpPeer();
            List<object> messages = new List<object>();
            Hear(peer, PeerGreeting(), 64, messages);
            Hear(peer, Bytes("041c" + "055245414459" + "0b536f636b65742d5479706500000006524f55544552"), 30, messages);
            int before = peer.Outgoing.Count;
            Hear(peer, bytes, atOnce, messages);
            string said = Hex(peer.Outgoing.Waiting).Substring(2 * before);
            return new Dictionary<string, object> { { "messages", messages }, { "said", said } };
        }

        private static byte[] PeerGreeting()
        {
            return Bytes("ff00000000000000007f0301" + "4e554c4c" + new string('0', 32) + new string('0', 64));
        }

        private static void Hear(ZmtpPeer peer, byte[] bytes, int atOnce, List<object> messages)
        {
            for (int at = 0; at < bytes.Length;)
            {
                ArraySegment<byte> room = peer.Room();
                int count = Math.Min(Math.Min(atOnce, bytes.Length - at), room.Count);
                Buffer.BlockCopy(bytes, at, room.Array, room.Offset, count);
                peer.Heard(count);
                at += count;
                while (peer.Take(out ArraySegment<byte> header, out ArraySegment<byte> pcm))
                {
                    messages.Add(pcm.Array == null ? new[] { Hex(header) } : new[] { Hex(header), Hex(pcm) });
                }
            }
        }

        private static string Hex(ArraySegment<byte> bytes)
        {
            char[] digits = new char[2 * bytes.Count];
            for (int i = 0; i < bytes.Count; i++)
            {
                string two = bytes.Array[bytes.Offset + i].ToString("x2");
                digits[2 * i] = two[0];
                digits[(2 * i) + 1] = two[1];
            }

            return new string(digits);
        }

        private static byte[] Bytes(string hex)
        {
            byte[] bytes = new byte[hex.Length / 2];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = byte.Parse(hex.Substring(2 * i, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            }

            return bytes;
        }
    }
}
