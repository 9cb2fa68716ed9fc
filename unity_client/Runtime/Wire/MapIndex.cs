using System.Text;

namespace Roomtone.Wire
{
    /// <summary>Where the fields of one map of a header are. Serves one map after another; allocates only to grow.</summary>
    internal sealed class MapIndex
    {
        private const int MostShown = 40;

        private byte[] _bytes;
        private int[] _keyAt = new int[16];
        private int[] _keySize = new int[16];
        private int[] _valueAt = new int[16];
        private bool[] _taken = new bool[16];

        public int Count { get; private set; }

        /// <summary>Looks at the map at a place.</summary>
        public void Open(MsgpackReader reader)
        {
            _bytes = reader.Bytes;
            Count = reader.ReadMapHeader();
            Grow();
            for (int i = 0; i < Count; i++)
            {
                _keySize[i] = reader.ReadStringHeader();
                _keyAt[i] = reader.At;
                reader.Advance(_keySize[i]);
                _valueAt[i] = reader.At;
                _taken[i] = false;
                reader.Skip();
            }
        }

        /// <summary>Returns which field has a name, or -1.</summary>
        public int Find(string name)
        {
            for (int i = 0; i < Count; i++)
            {
                if (_keySize[i] == name.Length && IsAscii(_keyAt[i], name))
                {
                    return i;
                }
            }

            return -1;
        }

        /// <summary>Stands at a field's value.</summary>
        public MsgpackReader At(int field)
        {
            return new MsgpackReader(_bytes, _valueAt[field]);
        }

        public void Take(int field)
        {
            _taken[field] = true;
        }

        public bool IsTaken(int field)
        {
            return _taken[field];
        }

        /// <summary>Shows a field's name, cut short: it comes from outside.</summary>
        public string Name(int field)
        {
            string key = Encoding.UTF8.GetString(_bytes, _keyAt[field], _keySize[field]);
            return key.Length <= MostShown ? key : key.Substring(0, MostShown) + "…";
        }

        /// <summary>Whether a field is a string that says exactly this; allocates nothing.</summary>
        public bool Says(int field, string text)
        {
            MsgpackReader reader = At(field);
            return reader.Kind == MsgpackKind.String
                && reader.ReadStringHeader() == text.Length
                && IsAscii(reader.At, text);
        }

        private void Grow()
        {
            if (Count > _keyAt.Length)
            {
                _keyAt = new int[Count];
                _keySize = new int[Count];
                _valueAt = new int[Count];
                _taken = new bool[Count];
            }
        }

        private bool IsAscii(int at, string text)
        {
            for (int i = 0; i < text.Length; i++)
            {
                if (_bytes[at + i] != text[i])
                {
                    return false;
                }
            }

            return true;
        }
    }
}
