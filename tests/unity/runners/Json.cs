using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Reflection;
using System.Text;
using Roomtone.Wire;

namespace Roomtone.Runners
{
    /// <summary>Writes answers as JSON; messages as the vectors spell them, by reflection, so that their names are tested too.</summary>
    internal static class Json
    {
        public static string Of(object value)
        {
            StringBuilder text = new StringBuilder();
            Write(text, value);
            return text.ToString();
        }

        /// <summary>Spells a message as the vectors do.</summary>
        public static Dictionary<string, object> Message(object message)
        {
            string name = message is ClientBye ? "bye" : Snake(message.GetType().Name);
            Dictionary<string, object> fields = new Dictionary<string, object> { { "t", name } };
            if (message is ClientRequest || message is DaemonAnswer)
            {
                fields["id"] = message.GetType().GetProperty("Id").GetValue(message, null);
            }

            Fill(fields, message);
            return fields;
        }

        private static void Fill(Dictionary<string, object> fields, object record)
        {
            foreach (PropertyInfo property in record.GetType().GetProperties())
            {
                object value = property.GetValue(record, null);
                if (value is SceneDescription)
                {
                    Fill(fields, value);
                }
                else if (property.Name != "Id" && property.Name != "StreamCount")
                {
                    fields[Snake(property.Name)] = value;
                }
            }
        }

        private static Dictionary<string, object> Record(object record)
        {
            Dictionary<string, object> fields = new Dictionary<string, object>();
            Fill(fields, record);
            return fields;
        }

        private static void Write(StringBuilder text, object value)
        {
            if (value == null)
            {
                text.Append("null");
            }
            else if (value is bool flag)
            {
                text.Append(flag ? "true" : "false");
            }
            else if (value is string said)
            {
                WriteString(text, said);
            }
            else if (value is Enum)
            {
                string word = Snake(value.ToString());
                WriteString(text, word == "none" ? "" : word);
            }
            else if (value is double || value is float)
            {
                text.Append(Convert.ToDouble(value).ToString("R", CultureInfo.InvariantCulture));
            }
            else if (value is int || value is long)
            {
                text.Append(Convert.ToInt64(value).ToString(CultureInfo.InvariantCulture));
            }
            else if (value is Vector at)
            {
                Write(text, new[] { at.X, at.Y, at.Z });
            }
            else if (value is StreamSlice slice)
            {
                Write(text, new[] { slice.Stream, slice.OffsetBytes, slice.SizeBytes });
            }
            else
            {
                WriteMany(text, value);
            }
        }

        private static void WriteMany(StringBuilder text, object value)
        {
            if (value is IEnumerable<KeyValuePair<string, object>> objects)
            {
                WriteMap(text, objects);
            }
            else if (value is IEnumerable<KeyValuePair<string, double>> numbers)
            {
                List<KeyValuePair<string, object>> entries = new List<KeyValuePair<string, object>>();
                foreach (KeyValuePair<string, double> entry in numbers)
                {
                    entries.Add(new KeyValuePair<string, object>(entry.Key, entry.Value));
                }

                WriteMap(text, entries);
            }
            else if (value is IEnumerable items)
            {
                WriteArray(text, items);
            }
            else
            {
                Write(text, Record(value));
            }
        }

        private static void WriteMap(StringBuilder text, IEnumerable<KeyValuePair<string, object>> entries)
        {
            string before = "{";
            foreach (KeyValuePair<string, object> entry in entries)
            {
                text.Append(before);
                WriteString(text, entry.Key);
                text.Append(':');
                Write(text, entry.Value);
                before = ",";
            }

            text.Append(before == "{" ? "{}" : "}");
        }

        private static void WriteArray(StringBuilder text, IEnumerable items)
        {
            string before = "[";
            foreach (object item in items)
            {
                text.Append(before);
                Write(text, item);
                before = ",";
            }

            text.Append(before == "[" ? "[]" : "]");
        }

        private static void WriteString(StringBuilder text, string said)
        {
            text.Append('"');
            foreach (char one in said)
            {
                if (one < 0x20 || one == '"' || one == '\\' || one > 0x7e)
                {
                    text.Append("\\u").Append(((int)one).ToString("x4"));
                }
                else
                {
                    text.Append(one);
                }
            }

            text.Append('"');
        }

        private static string Snake(string name)
        {
            StringBuilder snake = new StringBuilder();
            for (int i = 0; i < name.Length; i++)
            {
                if (char.IsUpper(name[i]) && i > 0)
                {
                    snake.Append('_');
                }

                snake.Append(char.ToLowerInvariant(name[i]));
            }

            return snake.ToString();
        }
    }
}
