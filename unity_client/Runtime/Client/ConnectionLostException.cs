using Roomtone.Wire;

namespace Roomtone
{
    /// <summary>The daemon cannot be reached, refused the connection, or went away.</summary>
    public sealed class ConnectionLostException : RoomtoneException
    {
        /// <summary>Says what is wrong, where, and how to mend it.</summary>
        public ConnectionLostException(string code, string what, string at = "", string fix = "")
            : base(code, what, at, fix)
        {
        }
    }
}
