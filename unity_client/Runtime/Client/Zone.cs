using Roomtone.Wire;

namespace Roomtone
{
    /// <summary>Where a whole scene is heard: alone within a radius, gone a fade further out.</summary>
    public readonly struct Zone
    {
        /// <summary>Places a zone.</summary>
        public Zone(Vector atM, double radiusM, double fadeM)
        {
            AtM = atM;
            RadiusM = radiusM;
            FadeM = fadeM;
        }

        /// <summary>Its middle.</summary>
        public Vector AtM { get; }

        /// <summary>Within it the scene is heard alone.</summary>
        public double RadiusM { get; }

        /// <summary>How far beyond it is gone; above 0.</summary>
        public double FadeM { get; }
    }
}
