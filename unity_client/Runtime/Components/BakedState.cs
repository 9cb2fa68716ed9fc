using System;
using System.Collections.Generic;

namespace Roomtone.Components
{
    /// <summary>
    /// A baked scene's parameters as they move, and how loud each of a layer's files is at them: the laws of docs/bake.md.
    /// </summary>
    internal sealed class BakedState
    {
        // Rise and fall times are those of arriving within 1 % of the way.
        private const double Arrived = 4.605170185988092;

        // A state's share of power falls with the fourth power of its distance.
        private const double Nearest = 1e-4;
        private const double LeastGain = 0.01;

        private readonly Dictionary<string, BakedScene.Parameter> _parameters =
            new Dictionary<string, BakedScene.Parameter>();

        private readonly Dictionary<string, BakedScene.State> _states = new Dictionary<string, BakedScene.State>();
        private readonly Dictionary<string, BakedScene.State> _moods = new Dictionary<string, BakedScene.State>();
        private readonly Dictionary<string, double> _values = new Dictionary<string, double>();
        private readonly Dictionary<string, double> _targets = new Dictionary<string, double>();
        private readonly Dictionary<string, double> _speeds = new Dictionary<string, double>();

        /// <summary>Begins at the parameters' defaults.</summary>
        public BakedState(BakedScene scene)
        {
            foreach (BakedScene.Parameter each in scene.parameters)
            {
                _parameters[each.name] = each;
                _values[each.name] = each.usual;
                _targets[each.name] = each.usual;
            }

            foreach (BakedScene.State each in scene.states)
            {
                _states[each.name] = each;
            }

            foreach (BakedScene.State each in scene.moods)
            {
                _moods[each.name] = each;
            }
        }

        /// <summary>Where a parameter is heading; NaN for none of that name.</summary>
        public double Heading(string parameter)
        {
            return _targets.TryGetValue(parameter, out double value) ? value : double.NaN;
        }

        /// <summary>Lets a parameter walk to a value by its rise and fall times; at once before it is heard.</summary>
        public void Set(string parameter, double value, bool atOnce)
        {
            if (!_parameters.ContainsKey(parameter))
            {
                return;
            }

            _targets[parameter] = value;
            _speeds.Remove(parameter);
            if (atOnce)
            {
                _values[parameter] = value;
            }
        }

        /// <summary>Moves every parameter that a mood names there, straight and in a time; says whether there is one.</summary>
        public bool Morph(string mood, double overS)
        {
            if (!_moods.TryGetValue(mood, out BakedScene.State to))
            {
                return false;
            }

            foreach (BakedScene.Value each in to.values)
            {
                double way = Way(_parameters[each.name], _values[each.name], each.value);
                _targets[each.name] = each.value;
                _speeds[each.name] = Math.Abs(way) / Math.Max(overS, 0.001);
            }

            return true;
        }

        /// <summary>Moves on in time.</summary>
        public void Advance(double deltaS)
        {
            foreach (BakedScene.Parameter each in _parameters.Values)
            {
                double way = Way(each, _values[each.name], _targets[each.name]);
                if (way != 0.0)
                {
                    _values[each.name] = Fitted(each, _values[each.name] + Step(each, way, deltaS));
                }
            }
        }

        /// <summary>How loud a layer's sounds are, in their order, at the present values; a file's shares add up.</summary>
        public void Gains(BakedScene.Layer layer, float[] gains)
        {
            double total = 0.0;
            for (int i = 0; i < gains.Length; i++)
            {
                double distance = Math.Max(Distance(_states[layer.sounds[i].state], layer.follows), Nearest);
                double share = 1.0 / (distance * distance * distance * distance);
                gains[i] = (float)share;
                total += share;
            }

            for (int i = 0; i < gains.Length; i++)
            {
                double gain = Math.Sqrt(gains[i] / total);
                gains[i] = gain < LeastGain ? 0f : (float)gain;
            }
        }

        /// <summary>The way from one value to another: on a circle the shorter one.</summary>
        private static double Way(BakedScene.Parameter info, double from, double to)
        {
            double way = to - from;
            double span = info.high - info.low;
            return info.wraps ? way - (span * Math.Round(way / span)) : way;
        }

        private static double Fitted(BakedScene.Parameter info, double value)
        {
            double span = info.high - info.low;
            return info.wraps
                ? value - (span * Math.Floor((value - info.low) / span))
                : Math.Min(info.high, Math.Max(info.low, value));
        }

        private double Step(BakedScene.Parameter info, double way, double deltaS)
        {
            if (_speeds.TryGetValue(info.name, out double speed))
            {
                return Math.Sign(way) * Math.Min(Math.Abs(way), speed * deltaS);
            }

            double timeS = way > 0.0 ? info.riseS : info.fallS;
            return timeS <= 0.0 ? way : way * (1.0 - Math.Exp(-Arrived * deltaS / timeS));
        }

        private double Distance(BakedScene.State state, string[] follows)
        {
            double sum = 0.0;
            foreach (BakedScene.Value each in state.values)
            {
                if (Array.IndexOf(follows, each.name) >= 0)
                {
                    BakedScene.Parameter info = _parameters[each.name];
                    double way = Way(info, _values[each.name], each.value) / (info.high - info.low);
                    sum += way * way;
                }
            }

            return Math.Sqrt(sum);
        }
    }
}
