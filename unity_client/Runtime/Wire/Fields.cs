using System;
using System.Collections.Generic;

namespace Roomtone.Wire
{
    /// <summary>
    /// The named fields of one map of a header, checked as they are read. One object serves one map after another and
    /// allocates nothing but what it returns. One thread.
    /// </summary>
    internal sealed class Fields
    {
        private readonly Fields _parent;
        private readonly MapIndex _map = new MapIndex();
        private string _name = "";
        private int _index = -1;
        private int _around;

        /// <summary>Reads messages, or (with a parent) records in a field of another map.</summary>
        public Fields(Fields parent = null)
        {
            _parent = parent;
        }

        // Maps -----------------------------------------------------------------------------------------

        /// <summary>Stands at a whole message, which <see cref="MsgpackCheck"/> has looked at.</summary>
        public void OpenMessage(byte[] bytes, int offset)
        {
            _around = 0;
            _map.Open(new MsgpackReader(bytes, offset));
        }

        /// <summary>Stands at a record in the parent's field, or (with an index) in the array that the field is.</summary>
        public void OpenRecord(string name, int index, MsgpackReader at)
        {
            _name = name;
            _index = index;
            _around = _parent._around + (index < 0 ? 1 : 2);
            if (at.Kind != MsgpackKind.Map)
            {
                throw Faults.WrongType(_parent, name, index, "a map", at.Kind);
            }

            _map.Open(at);
        }

        /// <summary>Holds the fields that nobody asked for to what may stand anywhere.</summary>
        public void End()
        {
            for (int field = 0; field < _map.Count; field++)
            {
                if (!_map.IsTaken(field))
                {
                    PlainCheck.Value(this, _map.Name(field), _map.At(field), _around + 1);
                }
            }
        }

        /// <summary>Whether a field is there.</summary>
        public bool Has(string name)
        {
            return _map.Find(name) >= 0;
        }

        /// <summary>Stands at a field that must be there.</summary>
        public MsgpackReader Required(string name)
        {
            int field = _map.Find(name);
            if (field < 0)
            {
                throw Faults.Missing(this, name);
            }

            _map.Take(field);
            return _map.At(field);
        }

        /// <summary>Whether a field is there and nil.</summary>
        public bool IsNil(string name)
        {
            return Has(name) && Required(name).Kind == MsgpackKind.Nil;
        }

        /// <summary>Whether a field is a string that says exactly this.</summary>
        public bool Says(string name, string text)
        {
            int field = _map.Find(name);
            return field >= 0 && _map.Says(field, text);
        }

        // Values ---------------------------------------------------------------------------------------

        public long Whole(string name, long low, long high)
        {
            return WholeOf(Required(name), name, -1, low, high);
        }

        public long Whole(string name, long low, long high, long fallback)
        {
            return Has(name) ? Whole(name, low, high) : fallback;
        }

        public int Id(string name, int low)
        {
            return (int)Whole(name, low, Limits.MaxId);
        }

        public long Frame(string name)
        {
            return Whole(name, 0, Limits.MaxFrame);
        }

        public double Number(string name, double low = -double.MaxValue, double high = double.MaxValue)
        {
            return NumberOf(Required(name), name, -1, low, high);
        }

        public double Number(string name, double low, double high, double fallback)
        {
            return Has(name) ? Number(name, low, high) : fallback;
        }

        public string Text(string name, int lowBytes, int highBytes)
        {
            return TextOf(Required(name), name, -1, lowBytes, highBytes);
        }

        public string Text(string name, int lowBytes, int highBytes, string fallback)
        {
            return Has(name) ? Text(name, lowBytes, highBytes) : fallback;
        }

        public bool Flag(string name)
        {
            MsgpackReader reader = Required(name);
            return reader.Kind == MsgpackKind.Boolean
                ? reader.ReadBoolean()
                : throw Faults.WrongType(this, name, -1, "a boolean", reader.Kind);
        }

        public bool Flag(string name, bool fallback)
        {
            return Has(name) ? Flag(name) : fallback;
        }

        /// <summary>Returns which of some words a string is.</summary>
        public int Choice(string name, string[] words)
        {
            int found = Array.IndexOf(words, TextOf(Required(name), name, -1, 0, int.MaxValue));
            return found >= 0
                ? found
                : throw Faults.OutOfRange(this, name, -1, "it is none of " + string.Join(", ", words));
        }

        public int Choice(string name, string[] words, int fallback)
        {
            return Has(name) ? Choice(name, words) : fallback;
        }

        // Arrays and maps ------------------------------------------------------------------------------

        /// <summary>Reads the header of an array; the reader then stands at its first item.</summary>
        public int Items(string name, int low, int high, out MsgpackReader items)
        {
            items = Required(name);
            return Count(ref items, name, -1, low, high);
        }

        /// <summary>Reads the header of an array in an array; the reader then stands at its first item.</summary>
        public int Count(ref MsgpackReader reader, string name, int index, int low, int high)
        {
            if (reader.Kind != MsgpackKind.Array)
            {
                throw Faults.WrongType(this, name, index, "an array", reader.Kind);
            }

            int count = reader.ReadArrayHeader();
            CheckCount(count, name, index, low, high);
            return count;
        }

        /// <summary>Reads an integer of an array and stands at the next item.</summary>
        public long WholeItem(ref MsgpackReader items, string name, int index, long low, long high)
        {
            long value = WholeOf(items, name, index, low, high);
            items.Skip();
            return value;
        }

        /// <summary>Reads a number of an array and stands at the next item.</summary>
        public double NumberItem(ref MsgpackReader items, string name, int index, double low, double high)
        {
            double value = NumberOf(items, name, index, low, high);
            items.Skip();
            return value;
        }

        public Vector Vector(string name)
        {
            Items(name, 3, 3, out MsgpackReader items);
            double x = NumberItem(ref items, name, 0, -Limits.MaxMetres, Limits.MaxMetres);
            double y = NumberItem(ref items, name, 1, -Limits.MaxMetres, Limits.MaxMetres);
            return new Vector(x, y, NumberItem(ref items, name, 2, -Limits.MaxMetres, Limits.MaxMetres));
        }

        public Vector Vector(string name, Vector fallback)
        {
            return Has(name) ? Vector(name) : fallback;
        }

        public string[] Names(string name, int high = Limits.MaxPerScene)
        {
            string[] names = new string[Items(name, 0, high, out MsgpackReader items)];
            for (int i = 0; i < names.Length; i++)
            {
                names[i] = TextOf(items, name, i, 1, Limits.MaxNameBytes);
                items.Skip();
            }

            return names;
        }

        public Dictionary<string, double> Values(string name)
        {
            MsgpackReader reader = Required(name);
            if (reader.Kind != MsgpackKind.Map)
            {
                throw Faults.WrongType(this, name, -1, "a map", reader.Kind);
            }

            int count = reader.ReadMapHeader();
            CheckCount(count, name, -1, 0, Limits.MaxPerScene);
            Dictionary<string, double> values = new Dictionary<string, double>(count);
            for (int i = 0; i < count; i++)
            {
                string key = TextOf(reader, name, -1, 1, Limits.MaxNameBytes);
                reader.Skip();
                values[key] = NumberItem(ref reader, name + "." + key, -1, -double.MaxValue, double.MaxValue);
            }

            return values;
        }

        // Where ----------------------------------------------------------------------------------------

        /// <summary>The message's <c>id</c>, where it can be read; else 0.</summary>
        public int RequestId()
        {
            if (_parent != null)
            {
                return _parent.RequestId();
            }

            int field = _map.Find("id");
            if (field < 0 || _map.At(field).Kind != MsgpackKind.Integer)
            {
                return 0;
            }

            long id = _map.At(field).ReadInteger();
            return id >= 0 && id <= Limits.MaxId ? (int)id : 0;
        }

        /// <summary>Spells where a field is: <c>layers[0].placement.kind</c>.</summary>
        public string Path(string name, int index)
        {
            string step = index < 0 ? name : name + "[" + index + "]";
            return _parent == null ? step : _parent.Path(_name, _index) + "." + step;
        }

        private long WholeOf(MsgpackReader reader, string name, int index, long low, long high)
        {
            if (reader.Kind != MsgpackKind.Integer)
            {
                throw Faults.WrongType(this, name, index, "an integer", reader.Kind);
            }

            long value = reader.ReadInteger();
            return value >= low && value <= high
                ? value
                : throw Faults.OutOfRange(this, name, index, value + " is outside " + low + ".." + high);
        }

        private double NumberOf(MsgpackReader reader, string name, int index, double low, double high)
        {
            if (reader.Kind != MsgpackKind.Integer && reader.Kind != MsgpackKind.Float)
            {
                throw Faults.WrongType(this, name, index, "a number", reader.Kind);
            }

            double value = reader.ReadNumber();
            if (double.IsNaN(value) || double.IsInfinity(value))
            {
                throw Faults.NotFinite(this, name, index);
            }

            return value >= low && value <= high ? value : throw Faults.OutOfRange(this, name, index, value, low, high);
        }

        private string TextOf(MsgpackReader reader, string name, int index, int low, int high)
        {
            if (reader.Kind != MsgpackKind.String)
            {
                throw Faults.WrongType(this, name, index, "a string", reader.Kind);
            }

            MsgpackReader header = reader;
            int size = header.ReadStringHeader();
            return size >= low && size <= high
                ? reader.ReadString()
                : throw Faults.OutOfRange(
                    this, name, index, "a string of " + size + " bytes, not " + low + ".." + high);
        }

        private void CheckCount(int count, string name, int index, int low, int high)
        {
            if (count < low || count > high)
            {
                throw Faults.OutOfRange(this, name, index, count + " items, not " + low + ".." + high);
            }
        }
    }
}
