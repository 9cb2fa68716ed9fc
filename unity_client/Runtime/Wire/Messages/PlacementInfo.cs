using System;

namespace Roomtone.Wire
{
    /// <summary>Where a layer belongs. What a kind does not use is zero.</summary>
    public sealed class PlacementInfo : IEquatable<PlacementInfo>
    {
        /// <summary>Describes a place.</summary>
        public PlacementInfo(
            PlacementKind kind,
            Vector atM = default,
            double nearM = 0.0,
            double reachM = 0.0,
            double nearestM = 0.0,
            double farthestM = 0.0)
        {
            Kind = kind;
            AtM = atM;
            NearM = nearM;
            ReachM = reachM;
            DistanceM = new[] { nearestM, farthestM };
        }

        /// <summary>What the other fields mean.</summary>
        public PlacementKind Kind { get; }

        /// <summary>Of a point or area: its place in the scene.</summary>
        public Vector AtM { get; }

        /// <summary>Of a point or area: full level up to here; an area's radius.</summary>
        public double NearM { get; }

        /// <summary>Of a point or area: nothing is heard beyond.</summary>
        public double ReachM { get; }

        /// <summary>Of a scatter: its nearest and its farthest event.</summary>
        public double[] DistanceM { get; }

        /// <inheritdoc/>
        public bool Equals(PlacementInfo other)
        {
            return other != null
                && Kind == other.Kind
                && AtM.Equals(other.AtM)
                && NearM == other.NearM
                && ReachM == other.ReachM
                && DistanceM[0] == other.DistanceM[0]
                && DistanceM[1] == other.DistanceM[1];
        }

        /// <inheritdoc/>
        public override bool Equals(object other)
        {
            return Equals(other as PlacementInfo);
        }

        /// <inheritdoc/>
        public override int GetHashCode()
        {
            return (int)Kind ^ AtM.GetHashCode() ^ NearM.GetHashCode() ^ (ReachM.GetHashCode() << 1);
        }

        internal static PlacementInfo Read(Fields fields)
        {
            PlacementKind kind = (PlacementKind)fields.Choice("kind", Words.PlacementKinds);
            Vector atM = fields.Vector("at_m", default);
            double nearM = fields.Number("near_m", 0.0, Limits.MaxMetres, 0.0);
            double reachM = fields.Number("reach_m", 0.0, Limits.MaxMetres, 0.0);
            double nearestM = 0.0;
            double farthestM = 0.0;
            if (fields.Has("distance_m"))
            {
                fields.Items("distance_m", 2, 2, out MsgpackReader items);
                nearestM = fields.NumberItem(ref items, "distance_m", 0, 0.0, Limits.MaxMetres);
                farthestM = fields.NumberItem(ref items, "distance_m", 1, 0.0, Limits.MaxMetres);
            }

            fields.End();
            return new PlacementInfo(kind, atM, nearM, reachM, nearestM, farthestM);
        }

        internal void Write(MsgpackWriter to)
        {
            to.Map(5);
            to.Field("kind", Words.PlacementKinds[(int)Kind]);
            to.Field("at_m", AtM);
            to.Field("near_m", NearM);
            to.Field("reach_m", ReachM);
            to.Text("distance_m");
            to.Array(2);
            to.Number(DistanceM[0]);
            to.Number(DistanceM[1]);
        }
    }
}
