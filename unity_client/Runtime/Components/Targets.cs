using System;
using System.Collections.Generic;
using Roomtone.Wire;

namespace Roomtone.Components
{
    /// <summary>Where a game wants a scene's parameters; what changed since the last frame goes out in one piece.</summary>
    internal sealed class Targets
    {
        private const double Least = 1e-6;

        private readonly Dictionary<string, double> _values = new Dictionary<string, double>();
        private Dictionary<string, double> _changed = new Dictionary<string, double>();

        /// <summary>Notes a target.</summary>
        public void Set(string name, double value)
        {
            bool known = _values.TryGetValue(name, out double before);
            if (!known || Math.Abs(value - before) > Least * Math.Max(1.0, Math.Abs(before)))
            {
                _values[name] = value;
                _changed[name] = value;
            }
        }

        /// <summary>Notes what a mood or the daemon has moved elsewhere: setting it again is a change.</summary>
        public void Forget()
        {
            _values.Clear();
            _changed.Clear();
        }

        /// <summary>The last target of a parameter; where none was set, what the scene said.</summary>
        public double Get(ParameterInfo parameter)
        {
            return _values.TryGetValue(parameter.Name, out double value) ? value : parameter.Value;
        }

        /// <summary>All targets, to open a scene with.</summary>
        public Dictionary<string, double> All()
        {
            _changed.Clear();
            return new Dictionary<string, double>(_values);
        }

        /// <summary>Sends what has changed.</summary>
        public void Send(Scene scene)
        {
            if (_changed.Count > 0)
            {
                // The message keeps it until it has been sent.
                scene.Steer(_changed);
                _changed = new Dictionary<string, double>();
            }
        }
    }
}
