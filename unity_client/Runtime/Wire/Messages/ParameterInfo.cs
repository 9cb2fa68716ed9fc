namespace Roomtone.Wire
{
    /// <summary>One parameter of a scene, as an engine shows it.</summary>
    public sealed class ParameterInfo
    {
        /// <summary>Describes a parameter that stands at its default.</summary>
        public ParameterInfo(string name, double usual, double low, double high, string unit, bool wraps)
        {
            Name = name;
            Value = usual;
            Default = usual;
            Low = low;
            High = high;
            Unit = unit;
            Wraps = wraps;
        }

        private ParameterInfo(Fields fields)
        {
            Name = fields.Text("name", 1, Limits.MaxNameBytes);
            Value = fields.Number("value");
            Default = fields.Number("default");
            Low = fields.Number("low");
            High = fields.Number("high");
            Unit = fields.Text("unit", 0, Limits.MaxNameBytes);
            Wraps = fields.Flag("wraps");
            fields.End();
        }

        /// <summary>Its name.</summary>
        public string Name { get; }

        /// <summary>Where it was heading when the scene was opened or last edited.</summary>
        public double Value { get; }

        /// <summary>Where it stands if nobody moves it.</summary>
        public double Default { get; }

        /// <summary>The low end of its range.</summary>
        public double Low { get; }

        /// <summary>The high end of its range.</summary>
        public double High { get; }

        /// <summary>For people.</summary>
        public string Unit { get; }

        /// <summary>Whether the range is a circle.</summary>
        public bool Wraps { get; }

        internal static ParameterInfo[] ReadAll(Fields fields)
        {
            ParameterInfo[] all =
                new ParameterInfo[fields.Items("parameters", 0, Limits.MaxPerScene, out MsgpackReader items)];
            Fields record = new Fields(fields);
            for (int i = 0; i < all.Length; i++)
            {
                record.OpenRecord("parameters", i, items);
                all[i] = new ParameterInfo(record);
                items.Skip();
            }

            return all;
        }
    }
}
