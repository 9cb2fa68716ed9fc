namespace Roomtone.Wire
{
    /// <summary>
    /// Looks at a whole header before anything of it is read or allocated: one map, nothing after it, string keys,
    /// UTF-8, no binary or extension data, and every length within its limit.
    /// </summary>
    internal struct MsgpackCheck
    {
        // Deeper than the protocol allows, so that the field that nests too deep can be named; recursion ends here.
        private const int MostNesting = 64;

        private readonly byte[] _bytes;
        private readonly int _end;
        private readonly FrameLimits _limits;
        private int _at;

        private MsgpackCheck(byte[] bytes, int at, int end, FrameLimits limits)
        {
            _bytes = bytes;
            _at = at;
            _end = end;
            _limits = limits;
        }

        /// <summary>Refuses what cannot be read.</summary>
        public static void Whole(byte[] bytes, int offset, int count, FrameLimits limits)
        {
            if (count > limits.FrameBytes)
            {
                string what = "a message of " + count + " bytes, above " + limits.FrameBytes;
                throw new BadMessageException("wire.too-large", what, fix: "send a smaller message");
            }

            MsgpackCheck check = new MsgpackCheck(bytes, offset, offset + count, limits);
            check.Value(1);
            if (check._at != check._end)
            {
                throw NotMsgpack("something follows the message");
            }

            if (MsgpackReader.KindOf(bytes[offset]) != MsgpackKind.Map)
            {
                throw new BadMessageException(
                    "wire.wrong-type", "the message is not a map", fix: "send a map with the message's name in t");
            }
        }

        private void Value(int depth)
        {
            byte lead = Byte();
            switch (MsgpackReader.KindOf(lead))
            {
                case MsgpackKind.String:
                    Text(lead);
                    break;
                case MsgpackKind.Array:
                    Items(lead <= 0x9f ? lead & 0x0f : Length(2 << (lead - 0xdc)), depth, keyed: false);
                    break;
                case MsgpackKind.Map:
                    Items(lead <= 0x8f ? lead & 0x0f : Length(2 << (lead - 0xde)), depth, keyed: true);
                    break;
                case MsgpackKind.Binary:
                    Binary(Length(1 << (lead - 0xc4)));
                    break;
                case MsgpackKind.Never:
                    throw lead == 0xc1 ? NotMsgpack("byte c1") : WrongType();
                default:
                    Advance(MsgpackReader.NumberBytes(lead));
                    break;
            }
        }

        private void Items(long count, int depth, bool keyed)
        {
            if (depth > MostNesting)
            {
                throw new BadMessageException("wire.too-deep", "the message nests too deep", fix: "send flatter data");
            }

            if (count > _limits.Items)
            {
                throw TooLarge(count + " items, above " + _limits.Items);
            }

            for (long item = 0; item < count; item++)
            {
                if (keyed)
                {
                    Key();
                }

                Value(depth + 1);
            }
        }

        private void Key()
        {
            byte lead = Byte();
            if (MsgpackReader.KindOf(lead) != MsgpackKind.String)
            {
                throw NotMsgpack("a map's key is not a string");
            }

            Text(lead);
        }

        private void Text(byte lead)
        {
            long size = lead <= 0xbf ? lead & 0x1f : Length(1 << (lead - 0xd9));
            if (size > _limits.StringBytes)
            {
                throw TooLarge("a string of " + size + " bytes, above " + _limits.StringBytes);
            }

            int start = _at;
            Advance((int)size);
            if (!Utf8.IsValid(_bytes, start, (int)size))
            {
                throw NotMsgpack("a string is not UTF-8");
            }
        }

        /// <summary>Empty binary data is left for the field that has it, which is then named.</summary>
        private static void Binary(long size)
        {
            if (size > 0)
            {
                throw WrongType();
            }
        }

        private long Length(int bytes)
        {
            long length = 0;
            for (int i = 0; i < bytes; i++)
            {
                length = (length << 8) | Byte();
            }

            return length;
        }

        private byte Byte()
        {
            if (_at >= _end)
            {
                throw NotMsgpack("it ends too early");
            }

            return _bytes[_at++];
        }

        private void Advance(int bytes)
        {
            if (bytes > _end - _at)
            {
                throw NotMsgpack("it ends too early");
            }

            _at += bytes;
        }

        private static BadMessageException NotMsgpack(string why)
        {
            return new BadMessageException(
                "wire.not-msgpack",
                "the frame is not one msgpack value: " + why,
                fix: "send one msgpack map and nothing after it");
        }

        private static BadMessageException TooLarge(string why)
        {
            return new BadMessageException("wire.too-large", why, fix: "keep to the limits of protocol/SPEC.md");
        }

        private static BadMessageException WrongType()
        {
            return new BadMessageException(
                "wire.wrong-type",
                "binary or extension data in a message",
                fix: "send strings, numbers, arrays and maps only");
        }
    }
}
