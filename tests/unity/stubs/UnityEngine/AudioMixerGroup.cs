namespace UnityEngine.Audio
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/Audio.AudioMixerGroup.html
    public class AudioMixerGroup : Object
    {
    }
}
