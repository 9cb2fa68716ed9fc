namespace Roomtone.Wire
{
    /// <summary>Says how much the models may take while the game needs the processor.</summary>
    public sealed class Govern : ClientMessage
    {
        /// <summary>Names shares: 0 of the time pauses them; null sets no limit on memory.</summary>
        public Govern(double maxShare, double? maxVramGb = null)
        {
            MaxShare = maxShare;
            MaxVramGb = maxVramGb;
        }

        /// <summary>Of the processor's time, 0 to 1.</summary>
        public double MaxShare { get; }

        /// <summary>Of its memory, in 10⁹ bytes.</summary>
        public double? MaxVramGb { get; }

        internal override void Write(MsgpackWriter to)
        {
            to.Message("govern", 2);
            to.Field("max_share", MaxShare);
            if (MaxVramGb.HasValue)
            {
                to.Field("max_vram_gb", MaxVramGb.Value);
            }
            else
            {
                to.NilField("max_vram_gb");
            }
        }
    }
}
