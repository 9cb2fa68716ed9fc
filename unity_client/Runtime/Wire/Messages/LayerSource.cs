namespace Roomtone.Wire
{
    /// <summary>Where a prompt's layer comes from.</summary>
    public enum LayerSource
    {
        /// <summary>Nothing was said: the layer is no prompt's.</summary>
        None,

        /// <summary>The synth that plays until clips exist.</summary>
        StandIn,

        /// <summary>Clips of the nearest wording that there is.</summary>
        Nearest,

        /// <summary>Clips of exactly what the scene's state asks for.</summary>
        Exact,
    }
}
