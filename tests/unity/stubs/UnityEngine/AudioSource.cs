namespace UnityEngine
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/AudioSource.html
    public sealed class AudioSource : Behaviour
    {
        private readonly AnimationCurve[] _curves = new AnimationCurve[4];
        private long _frame;

        public AudioClip clip { get; set; }

        public Audio.AudioMixerGroup outputAudioMixerGroup { get; set; }

        public float volume { get; set; } = 1f;

        public float pitch { get; set; } = 1f;

        public bool loop { get; set; }

        public bool playOnAwake { get; set; } = true;

        public float spatialBlend { get; set; }

        public bool spatialize { get; set; }

        public bool spatializePostEffects { get; set; }

        public bool bypassEffects { get; set; }

        public bool ignoreListenerPause { get; set; }

        public float dopplerLevel { get; set; } = 1f;

        public float minDistance { get; set; } = 1f;

        public float maxDistance { get; set; } = 500f;

        public AudioRolloffMode rolloffMode { get; set; }

        public bool isPlaying { get; private set; }

        public float time
        {
            get { return _frame / 48000f; }
        }

        public void Play()
        {
            isPlaying = clip != null && isActiveAndEnabled;
        }

        public void Stop()
        {
            isPlaying = false;
            _frame = 0;
        }

        public void Pause()
        {
            isPlaying = false;
        }

        public void SetCustomCurve(AudioSourceCurveType type, AnimationCurve curve)
        {
            _curves[(int)type] = curve;
        }

        public AnimationCurve GetCustomCurve(AudioSourceCurveType type)
        {
            return _curves[(int)type];
        }

        // What the engine makes of the clip before any script hears it: volume, distance, and a simple pan.
        internal float[] StubRender(int frames, Vector3 listenerM)
        {
            float left = volume;
            float right = volume;
            if (spatialBlend > 0f)
            {
                Vector3 way = transform.position - listenerM;
                float gain = volume * _curves[0].Evaluate(Mathf.Clamp01(way.magnitude / maxDistance));
                float side = way.magnitude < 1e-6f ? 0f : way.x / way.magnitude;
                left = gain * (1f - Mathf.Max(0f, side));
                right = gain * (1f + Mathf.Min(0f, side));
            }

            float[] data = new float[2 * frames];
            for (int frame = 0; frame < frames; frame++, _frame++)
            {
                data[2 * frame] = left * clip.StubSample(_frame, 0);
                data[(2 * frame) + 1] = right * clip.StubSample(_frame, 1);
            }

            return data;
        }
    }
}
