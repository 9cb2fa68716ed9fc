using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace UnityEngine
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/JsonUtility.html
    public static class JsonUtility
    {
        public static T FromJson<T>(string json)
        {
            if (!json.TrimStart().StartsWith("{", StringComparison.Ordinal))
            {
                throw new ArgumentException("JSON must represent an object type.");
            }

            Queue<string> tokens = new Queue<string>();
            foreach (Match match in Regex.Matches(json, "\"(?:[^\"\\\\]|\\\\.)*\"|[\\[\\]{}:,]|[-+.\\w]+"))
            {
                tokens.Enqueue(match.Value);
            }

            return (T)Read(tokens, typeof(T));
        }

        // As the engine: fields that are not in the text keep their default, what has no field is passed over.
        private static object Read(Queue<string> tokens, Type type)
        {
            string token = tokens.Dequeue();
            if (token == "{")
            {
                return ReadObject(tokens, type);
            }

            if (token == "[")
            {
                return ReadArray(tokens, type == null ? null : type.GetElementType());
            }

            if (type == typeof(string))
            {
                return Regex.Unescape(token.Substring(1, token.Length - 2));
            }

            return type == null ? null : Convert.ChangeType(token, type, CultureInfo.InvariantCulture);
        }

        private static object ReadObject(Queue<string> tokens, Type type)
        {
            object made = type == null ? null : Activator.CreateInstance(type, true);
            while (tokens.Peek() != "}")
            {
                string name = (string)Read(tokens, typeof(string));
                tokens.Dequeue();
                FieldInfo field = type == null ? null : type.GetField(name);
                object value = Read(tokens, field == null ? null : field.FieldType);
                if (field != null)
                {
                    field.SetValue(made, value);
                }

                Skip(tokens, ",");
            }

            tokens.Dequeue();
            return made;
        }

        private static object ReadArray(Queue<string> tokens, Type type)
        {
            ArrayList items = new ArrayList();
            while (tokens.Peek() != "]")
            {
                items.Add(Read(tokens, type));
                Skip(tokens, ",");
            }

            tokens.Dequeue();
            return type == null ? null : items.ToArray(type);
        }

        private static void Skip(Queue<string> tokens, string token)
        {
            if (tokens.Peek() == token)
            {
                tokens.Dequeue();
            }
        }
    }
}
