namespace Roomtone.Wire
{
    /// <summary>The protocol's words for what is an enumeration here, in the same order.</summary>
    internal static class Words
    {
        public static readonly string[] SampleFormats = { "f32", "s16" };
        public static readonly string[] PlacementKinds = { "bed", "point", "area", "scatter" };
        public static readonly string[] LayerSources = { "", "stand_in", "nearest", "exact" };
    }
}
