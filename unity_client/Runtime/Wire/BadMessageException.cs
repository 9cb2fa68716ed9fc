namespace Roomtone.Wire
{
    /// <summary>A header that cannot be read.</summary>
    public sealed class BadMessageException : WireException
    {
        /// <summary>Says what is wrong, and which request it would have been.</summary>
        public BadMessageException(string code, string what, string at = "", string fix = "", int requestId = 0)
            : base(code, what, at, fix)
        {
            RequestId = requestId;
        }

        /// <summary>The message's <c>id</c> where it can be read, else 0.</summary>
        public int RequestId { get; }
    }
}
