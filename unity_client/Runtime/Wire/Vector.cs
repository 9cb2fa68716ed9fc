using System;

namespace Roomtone.Wire
{
    /// <summary>A place or a way in metres: y up, right-handed, as the protocol has it (not as Unity has it).</summary>
    public readonly struct Vector : IEquatable<Vector>
    {
        /// <summary>Places a point.</summary>
        public Vector(double x, double y, double z)
        {
            X = x;
            Y = y;
            Z = z;
        }

        /// <summary>To the right of who looks along -z.</summary>
        public double X { get; }

        /// <summary>Up.</summary>
        public double Y { get; }

        /// <summary>Towards who looks along -z.</summary>
        public double Z { get; }

        /// <summary>How far it is from the origin.</summary>
        public double Length
        {
            get { return Math.Sqrt(X * X + Y * Y + Z * Z); }
        }

        /// <summary>The way from b to a.</summary>
        public static Vector operator -(Vector a, Vector b)
        {
            return new Vector(a.X - b.X, a.Y - b.Y, a.Z - b.Z);
        }

        /// <inheritdoc/>
        public bool Equals(Vector other)
        {
            return X == other.X && Y == other.Y && Z == other.Z;
        }

        /// <inheritdoc/>
        public override bool Equals(object other)
        {
            return other is Vector vector && Equals(vector);
        }

        /// <inheritdoc/>
        public override int GetHashCode()
        {
            return X.GetHashCode() ^ (Y.GetHashCode() << 1) ^ (Z.GetHashCode() << 2);
        }
    }
}
