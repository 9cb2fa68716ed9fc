namespace UnityEngine
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/AudioSettings.html
    public sealed class AudioSettings
    {
        public delegate void AudioConfigurationChangeHandler(bool deviceWasChanged);

        public static event AudioConfigurationChangeHandler OnAudioConfigurationChanged;

        public static int outputSampleRate { get; set; } = 48000;

        // The audio thread may ask: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/AudioSettings-dspTime.html
        public static double dspTime { get; internal set; }

        internal static string StubSpatializer { get; set; } = "";

        public static string GetSpatializerPluginName()
        {
            return StubSpatializer;
        }

        internal static void StubChange()
        {
            OnAudioConfigurationChanged?.Invoke(true);
        }

        internal static bool StubHasListeners
        {
            get { return OnAudioConfigurationChanged != null; }
        }
    }
}
