using System;
using System.Text;

namespace Roomtone.Wire
{
    /// <summary>The root: whatever a user can mend is one of these. The code is API, the text may improve.</summary>
    public abstract class RoomtoneException : Exception
    {
        /// <summary>Says what is wrong, where, and how to mend it.</summary>
        protected RoomtoneException(string code, string what, string at, string fix)
            : base(Sentence(code, what, at, fix))
        {
            Code = code;
            What = what;
            At = at;
            Fix = fix;
        }

        /// <summary>Stable and dotted (<c>request.unknown-scene</c>): programs match on it.</summary>
        public string Code { get; }

        /// <summary>One clause that says what is wrong.</summary>
        public string What { get; }

        /// <summary>Where: a message's field, <c>file:line:column</c>, an endpoint, or empty.</summary>
        public string At { get; }

        /// <summary>One clause that says what to do.</summary>
        public string Fix { get; }

        private static string Sentence(string code, string what, string at, string fix)
        {
            string where = at.Length == 0 ? "" : at + ": ";
            string mend = fix.Length == 0 ? "" : "; " + fix;
            return Shown(where + what + mend + " [" + code + "]");
        }

        /// <summary>Escapes control characters: the words may come from the other side, and end in a log.</summary>
        private static string Shown(string text)
        {
            StringBuilder shown = new StringBuilder(text.Length);
            foreach (char letter in text)
            {
                if (char.IsControl(letter))
                {
                    shown.Append("\\u").Append(((int)letter).ToString("x4"));
                }
                else
                {
                    shown.Append(letter);
                }
            }

            return shown.ToString();
        }
    }
}
