namespace Roomtone.Wire
{
    /// <summary>A refusal, or (with id 0) bad news: a stable code, what, where and the fix.</summary>
    public sealed class Error : DaemonAnswer, IEvent
    {
        /// <summary>Says what is wrong, where, and what to do.</summary>
        public Error(int id, string code, string what, string at = "", string fix = "")
            : base(id)
        {
            Code = code;
            What = what;
            At = at;
            Fix = fix;
        }

        /// <summary>Stable: programs may match on it.</summary>
        public string Code { get; }

        /// <summary>What is wrong, for people.</summary>
        public string What { get; }

        /// <summary>Where: a field, or <c>file:line:column</c>.</summary>
        public string At { get; }

        /// <summary>What to do about it.</summary>
        public string Fix { get; }

        /// <summary>Makes the daemon's words an exception.</summary>
        public WireException ToException()
        {
            return new WireException(Code, What, At, Fix);
        }

        internal static Error Read(Fields fields)
        {
            int id = fields.Id("id", 0);
            string code = fields.Text("code", 1, Limits.MaxNameBytes);
            string what = fields.Text("what", 0, Limits.MaxTextBytes);
            string at = fields.Text("at", 0, Limits.MaxTextBytes, "");
            return new Error(id, code, what, at, fields.Text("fix", 0, Limits.MaxTextBytes, ""));
        }
    }
}
