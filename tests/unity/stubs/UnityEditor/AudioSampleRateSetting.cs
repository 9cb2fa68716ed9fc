namespace UnityEditor
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/AudioSampleRateSetting.html
    public enum AudioSampleRateSetting
    {
        PreserveSampleRate,
        OptimizeSampleRate,
        OverrideSampleRate,
    }
}
