using Roomtone.Wire;
using UnityEngine;

namespace Roomtone.Components
{
    /// <summary>Between the protocol's axes (right-handed, ahead is -z) and Unity's (left-handed, ahead is +z).</summary>
    internal static class Axes
    {
        public static Vector3 ToUnity(Vector metres)
        {
            return new Vector3((float)metres.X, (float)metres.Y, -(float)metres.Z);
        }

        public static Vector FromUnity(Vector3 metres)
        {
            return new Vector(metres.x, metres.y, -metres.z);
        }
    }
}
