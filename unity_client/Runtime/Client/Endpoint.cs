using System.Globalization;
using System.Net;

namespace Roomtone
{
    /// <summary>Where a daemon listens: <c>tcp://HOST:PORT</c>, an IPv6 address in brackets.</summary>
    public sealed class Endpoint
    {
        private const string Scheme = "tcp://";

        private Endpoint(string text, string host, int port)
        {
            Text = text;
            Host = host;
            Port = port;
        }

        /// <summary>As it was written.</summary>
        public string Text { get; }

        /// <summary>A name or an address.</summary>
        public string Host { get; }

        /// <summary>1 to 65535.</summary>
        public int Port { get; }

        /// <summary>Reads an endpoint.</summary>
        /// <exception cref="SettingsException"><c>settings.bad-endpoint</c>.</exception>
        public static Endpoint Parse(string text)
        {
            string trimmed = (text ?? "").Trim();
            int colon = trimmed.LastIndexOf(':');
            if (!trimmed.StartsWith(Scheme, System.StringComparison.Ordinal) || colon < Scheme.Length + 1)
            {
                throw Bad(trimmed, "an endpoint begins with tcp:// and ends with a port");
            }

            string port = trimmed.Substring(colon + 1);
            if (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                || number < 1 || number > 65535)
            {
                throw Bad(trimmed, "'" + port + "' is no port");
            }

            string host = trimmed.Substring(Scheme.Length, colon - Scheme.Length);
            return new Endpoint(trimmed, HostOf(trimmed, host), number);
        }

        private static string HostOf(string text, string host)
        {
            bool bracketed = host[0] == '[' && host[host.Length - 1] == ']';
            string bare = bracketed ? host.Substring(1, host.Length - 2) : host;
            if (bracketed ? IPAddress.TryParse(bare, out IPAddress address) : bare.IndexOfAny(NoHost) < 0)
            {
                return bare;
            }

            throw Bad(text, "'" + host + "' is no host");
        }

        private static SettingsException Bad(string text, string what)
        {
            return new SettingsException("settings.bad-endpoint", what, text, "write it as tcp://127.0.0.1:5570");
        }

        private static readonly char[] NoHost = { ' ', '/', ':', '*', '[', ']', '@' };
    }
}
