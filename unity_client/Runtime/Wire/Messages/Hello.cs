namespace Roomtone.Wire
{
    /// <summary>Opens or resumes a session: always the first message of a connection.</summary>
    public sealed class Hello : ClientRequest
    {
        /// <summary>Greets with the versions spoken, a name for the log, a token and the session to resume.</summary>
        public Hello(int id, int[] versions, string client = "", string token = "", string session = "")
            : base(id)
        {
            Versions = versions;
            Client = client;
            Token = token;
            Session = session;
        }

        /// <summary>Protocol versions that the client speaks.</summary>
        public int[] Versions { get; }

        /// <summary>Its name and version, for the daemon's log.</summary>
        public string Client { get; }

        /// <summary>The daemon's access token, where one is configured.</summary>
        public string Token { get; }

        /// <summary>The secret of an earlier welcome, to resume it; empty for a new session.</summary>
        public string Session { get; }

        internal override void Write(MsgpackWriter to)
        {
            to.Message("hello", 5);
            to.Field("id", Id);
            to.Text("versions");
            to.Array(Versions.Length);
            foreach (int version in Versions)
            {
                to.Integer(version);
            }

            to.Field("client", Client);
            to.Field("token", Token);
            to.Field("session", Session);
        }
    }
}
