namespace UnityEngine
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/AudioRolloffMode.html
    public enum AudioRolloffMode
    {
        Logarithmic,
        Linear,
        Custom,
    }
}
