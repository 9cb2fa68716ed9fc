using System;
using System.Collections.Generic;

namespace Roomtone
{
    /// <summary>
    /// Where a scene's parameters were last told to go, so that a daemon that starts anew can be told again. A mood's
    /// values stand only in the scene's file: it is remembered by name, with what was set after it. Any thread.
    /// </summary>
    internal sealed class Steering
    {
        private readonly object _gate = new object();
        private readonly Func<double> _nowS;
        private readonly Dictionary<string, double> _values;
        private readonly Dictionary<string, double> _after = new Dictionary<string, double>();
        private string _mood = "";
        private double _untilS;

        public Steering(IReadOnlyDictionary<string, double> values, Func<double> nowS)
        {
            _nowS = nowS;
            _values = new Dictionary<string, double>();
            foreach (KeyValuePair<string, double> value in values)
            {
                _values[value.Key] = value.Value;
            }
        }

        /// <summary>Notes a target.</summary>
        public void Set(string name, double value)
        {
            lock (_gate)
            {
                _values[name] = value;
                if (_mood.Length > 0)
                {
                    _after[name] = value;
                }
            }
        }

        /// <summary>Notes a mood, which takes over every parameter that it names.</summary>
        public void Morph(string mood, double overS)
        {
            lock (_gate)
            {
                _mood = mood;
                _untilS = _nowS() + overS;
                _after.Clear();
            }
        }

        /// <summary>Forgets what an edited scene no longer has.</summary>
        public void Keep(Predicate<string> isParameter, Predicate<string> isMood)
        {
            lock (_gate)
            {
                Keep(_values, isParameter);
                Keep(_after, isParameter);
                _mood = isMood(_mood) ? _mood : "";
            }
        }

        /// <summary>Targets that were set, whenever.</summary>
        public Dictionary<string, double> Values()
        {
            lock (_gate)
            {
                return new Dictionary<string, double>(_values);
            }
        }

        /// <summary>The last mood, what is left of the way there, and what was set since; false where there is none.</summary>
        public bool Mood(out string mood, out double overS, out Dictionary<string, double> after)
        {
            lock (_gate)
            {
                mood = _mood;
                overS = Math.Max(0.0, _untilS - _nowS());
                after = new Dictionary<string, double>(_after);
                return _mood.Length > 0;
            }
        }

        private static void Keep(Dictionary<string, double> values, Predicate<string> isParameter)
        {
            foreach (string name in new List<string>(values.Keys))
            {
                if (!isParameter(name))
                {
                    values.Remove(name);
                }
            }
        }
    }
}
