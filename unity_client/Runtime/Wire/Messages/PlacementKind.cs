namespace Roomtone.Wire
{
    /// <summary>Where a layer belongs.</summary>
    public enum PlacementKind
    {
        /// <summary>All around the listener, not spatialised.</summary>
        Bed,

        /// <summary>At one place.</summary>
        Point,

        /// <summary>All around inside, at a place from outside.</summary>
        Area,

        /// <summary>Where its events say, relative to the listener.</summary>
        Scatter,
    }
}
