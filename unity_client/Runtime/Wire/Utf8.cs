namespace Roomtone.Wire
{
    /// <summary>UTF-8 as RFC 3629 has it: no surrogates, nothing longer than needed, nothing beyond U+10FFFF.</summary>
    internal static class Utf8
    {
        public static bool IsValid(byte[] bytes, int at, int count)
        {
            int end = at + count;
            while (at < end)
            {
                int size = SizeOf(bytes, at, end);
                if (size == 0)
                {
                    return false;
                }

                at += size;
            }

            return true;
        }

        /// <summary>The bytes of the character at a place; 0 where there is none.</summary>
        private static int SizeOf(byte[] bytes, int at, int end)
        {
            byte lead = bytes[at];
            if (lead < 0x80)
            {
                return 1;
            }

            int size = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
            if (size == 0 || at + size > end || !SecondFits(lead, bytes[at + 1]))
            {
                return 0;
            }

            for (int i = 2; i < size; i++)
            {
                if ((bytes[at + i] & 0xc0) != 0x80)
                {
                    return 0;
                }
            }

            return size;
        }

        private static bool SecondFits(byte lead, byte second)
        {
            int low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
            int high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
            return second >= low && second <= high;
        }
    }
}
