namespace Roomtone.Wire
{
    /// <summary>A message that breaks the protocol, or a request that the daemon refused in these words.</summary>
    public class WireException : RoomtoneException
    {
        /// <summary>Says what is wrong, where, and how to mend it.</summary>
        public WireException(string code, string what, string at = "", string fix = "")
            : base(code, what, at, fix)
        {
        }
    }
}
