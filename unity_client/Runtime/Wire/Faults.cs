using System.Globalization;

namespace Roomtone.Wire
{
    /// <summary>What can be wrong with a field: its stable code, in words for people.</summary>
    internal static class Faults
    {
        private const string KeepToLimits = "keep to the limits of protocol/messages.json";

        public static BadMessageException Missing(Fields fields, string name)
        {
            return Refuse(fields, "wire.missing-field", "the field is missing", name, -1, "send it");
        }

        public static BadMessageException WrongType(
            Fields fields, string name, int index, string wanted, MsgpackKind found)
        {
            string what = NameOf(found) + " where " + wanted + " belongs";
            return Refuse(fields, "wire.wrong-type", what, name, index, "send " + wanted);
        }

        public static BadMessageException OutOfRange(Fields fields, string name, int index, string what)
        {
            return Refuse(fields, "wire.out-of-range", what, name, index, KeepToLimits);
        }

        public static BadMessageException OutOfRange(
            Fields fields, string name, int index, double value, double low, double high)
        {
            return OutOfRange(fields, name, index, Plain(value) + " is outside " + Plain(low) + ".." + Plain(high));
        }

        public static BadMessageException NotFinite(Fields fields, string name, int index)
        {
            return Refuse(
                fields, "wire.not-finite", "it is no finite number", name, index, "send a finite number");
        }

        public static BadMessageException TooDeep(Fields fields, string name)
        {
            string what = "it nests more than " + Limits.MaxDepth + " deep";
            return Refuse(fields, "wire.too-deep", what, name, -1, "send flatter data");
        }

        public static BadMessageException UnknownMessage(Fields fields)
        {
            return Refuse(
                fields, "wire.unknown-message", "there is no such message", "t", -1, "update the older of the two");
        }

        private static BadMessageException Refuse(
            Fields fields, string code, string what, string name, int index, string fix)
        {
            return new BadMessageException(code, what, fields.Path(name, index), fix, fields.RequestId());
        }

        private static string Plain(double value)
        {
            return value.ToString("G6", CultureInfo.InvariantCulture);
        }

        private static string NameOf(MsgpackKind kind)
        {
            switch (kind)
            {
                case MsgpackKind.Nil: return "nil";
                case MsgpackKind.Boolean: return "a boolean";
                case MsgpackKind.Integer: return "an integer";
                case MsgpackKind.Float: return "a float";
                case MsgpackKind.String: return "a string";
                case MsgpackKind.Array: return "an array";
                case MsgpackKind.Map: return "a map";
                default: return "binary or extension data";
            }
        }
    }
}
