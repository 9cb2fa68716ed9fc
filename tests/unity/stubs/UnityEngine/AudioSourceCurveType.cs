namespace UnityEngine
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/AudioSourceCurveType.html
    public enum AudioSourceCurveType
    {
        CustomRolloff,
        SpatialBlend,
        ReverbZoneMix,
        Spread,
    }
}
