using System.Text;

namespace Roomtone.Wire
{
    /// <summary>Reads greetings and commands, and refuses what no daemon says: the connection then ends.</summary>
    internal static class ZmtpCommands
    {
        private const int MostShown = 60;

        /// <summary>Looks at a greeting as far as it has come, so that a web server is recognised by its first byte.</summary>
        public static void CheckGreeting(byte[] bytes, int at, int count)
        {
            if ((count > 0 && bytes[at] != 0xff) || (count > 9 && bytes[at + 9] != 0x7f))
            {
                throw Refuse("no-daemon", "what answers speaks another protocol", "check the address and the port");
            }

            if (count > 10 && bytes[at + 10] < 3)
            {
                throw Refuse("old-peer", "what answers speaks ZMTP " + bytes[at + 10], "update the daemon");
            }

            if (count >= ZmtpBytes.GreetingBytes)
            {
                CheckMechanism(bytes, at + 12);
            }
        }

        /// <summary>Accepts the READY of a ROUTER and nothing else.</summary>
        public static void CheckReady(byte[] bytes, int at, int count)
        {
            int name = NameBytes(bytes, at, count);
            if (Is(bytes, at, name, "ERROR"))
            {
                throw Refuse("refused", "the daemon refused: " + ReasonOf(bytes, at + 6, count - 6), "see its log");
            }

            if (!Is(bytes, at, name, "READY"))
            {
                throw Refuse("no-ready", "it does not get ready", "check the address and the port");
            }

            CheckProperties(bytes, at + 1 + name, at + count);
        }

        /// <summary>Answers PING; what is not known is skipped.</summary>
        public static void Take(byte[] bytes, int at, int count, ByteQueue answers)
        {
            int name = NameBytes(bytes, at, count);
            if (!Is(bytes, at, name, "PING"))
            {
                return;
            }

            int context = count - 1 - name - 2;
            if (context < 0 || context > ZmtpBytes.MostContextBytes)
            {
                throw Refuse("bad-frame", "a PING of another size", "update the older of daemon and client");
            }

            ZmtpBytes.Pong(answers, bytes, at + count - context, context);
        }

        public static WireException Refuse(string code, string what, string fix)
        {
            return new WireException("zmtp." + code, what, fix: fix);
        }

        private static void CheckMechanism(byte[] bytes, int at)
        {
            int size = 20;
            while (size > 0 && bytes[at + size - 1] == 0)
            {
                size--;
            }

            string mechanism = Shown(bytes, at, size);
            if (mechanism != "NULL")
            {
                throw Refuse(
                    "mechanism",
                    "the daemon asks for " + mechanism + ", which this client does not speak",
                    "reach it through a tunnel to its loopback address");
            }
        }

        private static int NameBytes(byte[] bytes, int at, int count)
        {
            return count > 0 && bytes[at] < count
                ? bytes[at]
                : throw Refuse("bad-frame", "a command without its name", "update the older of daemon and client");
        }

        private static bool Is(byte[] bytes, int at, int nameBytes, string name)
        {
            if (nameBytes != name.Length)
            {
                return false;
            }

            for (int i = 0; i < nameBytes; i++)
            {
                if (bytes[at + 1 + i] != name[i])
                {
                    return false;
                }
            }

            return true;
        }

        private static void CheckProperties(byte[] bytes, int at, int end)
        {
            bool isRouter = false;
            while (at < end)
            {
                int name = NameBytes(bytes, at, end - at);
                int valueAt = at + 1 + name + 4;
                long size = valueAt <= end ? LengthAt(bytes, valueAt - 4) : long.MaxValue;
                if (size > end - valueAt)
                {
                    throw Refuse("bad-frame", "a property beyond its command", "update the older of daemon and client");
                }

                isRouter |= Is(bytes, at, name, "Socket-Type") && Shown(bytes, valueAt, (int)size) == "ROUTER";
                at = valueAt + (int)size;
            }

            if (!isRouter)
            {
                throw Refuse("no-router", "what answers is no ROUTER", "check the address and the port");
            }
        }

        private static long LengthAt(byte[] bytes, int at)
        {
            return ((long)bytes[at] << 24) | ((long)bytes[at + 1] << 16) | ((long)bytes[at + 2] << 8) | bytes[at + 3];
        }

        private static string ReasonOf(byte[] bytes, int at, int count)
        {
            return count > 0 && bytes[at] < count ? Shown(bytes, at + 1, bytes[at]) : "without a reason";
        }

        /// <summary>Shows what came from outside: short, and without control characters.</summary>
        private static string Shown(byte[] bytes, int at, int count)
        {
            StringBuilder shown = new StringBuilder();
            for (int i = 0; i < count && i < MostShown; i++)
            {
                byte one = bytes[at + i];
                shown.Append(one >= 0x20 && one < 0x7f ? (char)one : '?');
            }

            return shown.ToString();
        }
    }
}
