using Roomtone.Wire;

namespace Roomtone
{
    /// <summary>A setting that cannot work.</summary>
    public sealed class SettingsException : RoomtoneException
    {
        /// <summary>Says what is wrong, where, and how to mend it.</summary>
        public SettingsException(string code, string what, string at = "", string fix = "")
            : base(code, what, at, fix)
        {
        }
    }
}
