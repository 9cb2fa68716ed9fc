using UnityEngine;

namespace Roomtone.Samples
{
    /// <summary>What a parameter does on the way: points of (share of the walk, value), straight lines between.</summary>
    public sealed class WalkCourse
    {
        private readonly float[] _points;

        /// <summary>Names the parameter and its points: share, value, share, value…</summary>
        public WalkCourse(string parameter, params float[] points)
        {
            Parameter = parameter;
            _points = points;
        }

        /// <summary>The parameter's name.</summary>
        public string Parameter { get; }

        /// <summary>Its value at a share of the walk.</summary>
        public float At(float share)
        {
            int last = _points.Length - 2;
            if (share <= _points[0])
            {
                return _points[1];
            }

            for (int i = 2; i <= last; i += 2)
            {
                if (share <= _points[i])
                {
                    float way = (share - _points[i - 2]) / (_points[i] - _points[i - 2]);
                    return Mathf.Lerp(_points[i - 1], _points[i + 1], way);
                }
            }

            return _points[last + 1];
        }
    }
}
