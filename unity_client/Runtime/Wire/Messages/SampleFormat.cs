namespace Roomtone.Wire
{
    /// <summary>How samples travel: 32-bit floats, or 16-bit integers at half the bytes.</summary>
    public enum SampleFormat
    {
        /// <summary>IEEE 754 single precision, full scale ±1.</summary>
        F32,

        /// <summary>16 bits, little-endian, full scale ±32767.</summary>
        S16,
    }
}
