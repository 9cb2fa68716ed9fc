using System;
using Roomtone.Wire;

namespace Roomtone
{
    /// <summary>
    /// Where a layer is heard from: placement and listener to stereo gains, and zones that crossfade. The laws of
    /// docs/clients.md; whatever the placement, the squares of a stream's gains sum to 2 · level².
    /// </summary>
    public static class Mixing
    {
        /// <summary>A source at one side still reaches the other ear: a full pan sounds like a broken headphone.</summary>
        public const double WidestPan = 0.85;

        private const double LimitKnee = 0.8;

        // Nobody hears closer than a hand's breadth; a near of zero would be a point of infinite level.
        private const double LeastNearM = 0.1;
        private static readonly double Sqrt2 = Math.Sqrt(2.0);

        /// <summary>Rises from 0 to 1 as x does, level at both ends.</summary>
        public static double Smoothstep(double x)
        {
            double t = Math.Min(1.0, Math.Max(0.0, x));
            return t * t * (3.0 - (2.0 * t));
        }

        /// <summary>Fades with distance: 1 within near, then 6 dB a doubling, tapered to silence at reach.</summary>
        public static double DistanceGain(double distanceM, double nearM, double reachM)
        {
            if (distanceM <= nearM)
            {
                return 1.0;
            }

            if (distanceM >= reachM)
            {
                return 0.0;
            }

            double way = (distanceM - nearM) / (reachM - nearM);
            double taper = 1.0 - (way * way);
            return Math.Max(nearM, LeastNearM) / Math.Max(distanceM, LeastNearM) * taper * taper;
        }

        /// <summary>Pans with equal power: left² + right² = 2.</summary>
        /// <param name="bearingRad">0 ahead, positive to the right; behind sounds as ahead.</param>
        /// <param name="focus">1 for a source with a direction, 0 for one that is everywhere.</param>
        /// <param name="left">The gain to the left.</param>
        /// <param name="right">The gain to the right.</param>
        public static void PanGains(double bearingRad, double focus, out double left, out double right)
        {
            double angle = (1.0 + (WidestPan * focus * Math.Sin(bearingRad))) * Math.PI / 4.0;
            left = Sqrt2 * Math.Cos(angle);
            right = Sqrt2 * Math.Sin(angle);
        }

        /// <summary>The angle to what lies at an offset, for someone looking along a yaw, in radians.</summary>
        public static double BearingOf(Vector offsetM, double yawDeg)
        {
            return Math.Atan2(offsetM.X, -offsetM.Z) - (yawDeg * Math.PI / 180.0);
        }

        /// <summary>Says how a stream is heard at a pose.</summary>
        /// <param name="placement">The layer's, as the daemon describes it.</param>
        /// <param name="pose">The listener's.</param>
        /// <param name="channels">Of the stream, 1 or 2.</param>
        /// <param name="offsetM">For a scatter: where its last event was placed.</param>
        /// <param name="level">A further gain, of the scene's zone.</param>
        public static Gains PlacedGains(
            PlacementInfo placement, Pose pose, int channels, Vector offsetM = default, double level = 1.0)
        {
            if (placement.Kind == PlacementKind.Bed)
            {
                return Gains.Around(channels, (float)level);
            }

            if (placement.Kind == PlacementKind.Scatter)
            {
                // How far it is lies in its sound already: the daemon strikes it at that distance.
                return offsetM.Length == 0.0
                    ? Gains.Around(channels, (float)level)
                    : Directed(channels, BearingOf(offsetM, pose.YawDeg), 1.0, level);
            }

            Vector offset = placement.AtM - pose.AtM;
            double here = level * DistanceGain(offset.Length, placement.NearM, placement.ReachM);
            return Directed(channels, BearingOf(offset, pose.YawDeg), Focus(placement, offset), here);
        }

        /// <summary>
        /// Crossfades scenes by place with equal power: the squares sum to 1. Out of them all the nearest is heard.
        /// </summary>
        /// <param name="zones">The zones.</param>
        /// <param name="count">How many of them count.</param>
        /// <param name="atM">Where the listener is.</param>
        /// <param name="gains">Gets each zone's level.</param>
        public static void ZoneGains(Zone[] zones, int count, Vector atM, double[] gains)
        {
            double total = 0.0;
            for (int i = 0; i < count; i++)
            {
                gains[i] = Smoothstep(1.0 - (BeyondM(zones[i], atM) / zones[i].FadeM));
                total += gains[i];
            }

            int nearest = total == 0.0 ? Nearest(zones, count, atM) : -1;
            for (int i = 0; i < count; i++)
            {
                gains[i] = nearest >= 0 ? (i == nearest ? 1.0 : 0.0) : Math.Sqrt(gains[i] / total);
            }
        }

        /// <summary>How much of a direction a placement has: it must not flip sides as one walks through it.</summary>
        public static double Focus(PlacementInfo placement, Vector offsetM)
        {
            double nearM = Math.Max(placement.NearM, LeastNearM);
            double distanceM = offsetM.Length;
            double flatM = Math.Sqrt((offsetM.X * offsetM.X) + (offsetM.Z * offsetM.Z));
            double levelWay = flatM / Math.Max(distanceM, nearM);
            return placement.Kind == PlacementKind.Area
                ? levelWay * Smoothstep((distanceM - nearM) / nearM)
                : levelWay;
        }

        /// <summary>Keeps a sample of a final mix within ±1: untouched below 0.8, above it bent smoothly.</summary>
        public static float SoftLimit(float sample)
        {
            double over = Math.Abs(sample) - LimitKnee;
            if (over <= 0.0)
            {
                return sample;
            }

            double room = 1.0 - LimitKnee;
            return (float)(Math.Sign(sample) * (LimitKnee + (room * Math.Tanh(over / room))));
        }

        /// <summary>Blends from all around to one direction, and restores the power lost by blending.</summary>
        private static Gains Directed(int channels, double bearingRad, double focus, double level)
        {
            PanGains(bearingRad, focus, out double left, out double right);
            double share = focus / Math.Sqrt(channels);
            double around = 1.0 - focus;
            double crossed = channels == 1 ? around : 0.0;
            double firstLeft = around + (share * left);
            double firstRight = crossed + (share * right);
            double secondLeft = channels == 1 ? 0.0 : share * left;
            double secondRight = channels == 1 ? 0.0 : around + (share * right);
            double power = (firstLeft * firstLeft) + (firstRight * firstRight)
                + (secondLeft * secondLeft) + (secondRight * secondRight);
            double scale = level * Sqrt2 / Math.Sqrt(power);
            return new Gains(
                (float)(scale * firstLeft),
                (float)(scale * firstRight),
                (float)(scale * secondLeft),
                (float)(scale * secondRight));
        }

        private static double BeyondM(Zone zone, Vector atM)
        {
            return (zone.AtM - atM).Length - zone.RadiusM;
        }

        private static int Nearest(Zone[] zones, int count, Vector atM)
        {
            int nearest = count > 0 ? 0 : -1;
            for (int i = 1; i < count; i++)
            {
                nearest = BeyondM(zones[i], atM) < BeyondM(zones[nearest], atM) ? i : nearest;
            }

            return nearest;
        }
    }
}
