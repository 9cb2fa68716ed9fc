namespace Roomtone.Wire
{
    /// <summary>Holds a field that nobody knows to what may stand anywhere: finite numbers, bounded depth.</summary>
    internal static class PlainCheck
    {
        /// <summary>Refuses a value; it stands in so many containers.</summary>
        public static void Value(Fields fields, string name, MsgpackReader reader, int around)
        {
            Next(fields, name, ref reader, around);
        }

        private static void Next(Fields fields, string name, ref MsgpackReader reader, int around)
        {
            MsgpackKind kind = reader.Kind;
            switch (kind)
            {
                case MsgpackKind.Binary:
                    throw Faults.WrongType(fields, name, -1, "plain data", kind);
                case MsgpackKind.Float:
                    double value = reader.ReadNumber();
                    if (double.IsNaN(value) || double.IsInfinity(value))
                    {
                        throw Faults.NotFinite(fields, name, -1);
                    }

                    break;
                case MsgpackKind.Array:
                    Inside(fields, name, ref reader, reader.ReadArrayHeader(), around);
                    break;
                case MsgpackKind.Map:
                    Inside(fields, name, ref reader, 2 * reader.ReadMapHeader(), around);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        private static void Inside(Fields fields, string name, ref MsgpackReader reader, int values, int around)
        {
            if (around >= Limits.MaxDepth)
            {
                throw Faults.TooDeep(fields, name);
            }

            for (int i = 0; i < values; i++)
            {
                Next(fields, name, ref reader, around + 1);
            }
        }
    }
}
