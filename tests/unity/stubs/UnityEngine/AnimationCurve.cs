namespace UnityEngine
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/AnimationCurve.html
    public class AnimationCurve
    {
        private readonly Keyframe[] _keys;

        public AnimationCurve(params Keyframe[] keys)
        {
            _keys = keys;
        }

        public Keyframe[] keys
        {
            get { return (Keyframe[])_keys.Clone(); }
        }

        // A cubic between two keys, by their values and tangents, as the engine has it.
        public float Evaluate(float time)
        {
            for (int i = 1; i < _keys.Length; i++)
            {
                if (time <= _keys[i].time)
                {
                    return Between(_keys[i - 1], _keys[i], time);
                }
            }

            return _keys[_keys.Length - 1].value;
        }

        private static float Between(Keyframe first, Keyframe second, float time)
        {
            float step = second.time - first.time;
            float t = (time - first.time) / step;
            float u = 1f - t;
            return (first.value * u * u * (1f + (2f * t)))
                + (first.outTangent * step * t * u * u)
                + (second.value * t * t * (1f + (2f * u)))
                - (second.inTangent * step * t * t * u);
        }
    }
}
