using Roomtone.Wire;

namespace Roomtone
{
    /// <summary>Where the listener stands and looks: at yaw 0 along -z with +x on the right; a positive yaw turns right.</summary>
    public readonly struct Pose
    {
        /// <summary>Places a listener.</summary>
        public Pose(Vector atM, double yawDeg)
        {
            AtM = atM;
            YawDeg = yawDeg;
        }

        /// <summary>Where.</summary>
        public Vector AtM { get; }

        /// <summary>Which way.</summary>
        public double YawDeg { get; }
    }
}
