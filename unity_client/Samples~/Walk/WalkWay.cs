using System;
using UnityEngine;

namespace Roomtone.Samples
{
    /// <summary>The way: a smooth curve through its points, slow where there is much to hear.</summary>
    /// <remarks>A cubic between two points, with the slope of their neighbours.</remarks>
    public static class WalkWay
    {
        private const float EarM = 1.7f;
        private const float LookShare = 0.02f;

        // Share of the walk, x, z.
        private static readonly float[] Points =
        {
            0.00f, -14.0f, -3.0f,
            0.12f, -6.5f, -2.0f,
            0.25f, 2.5f, 0.5f,
            0.33f, 7.5f, 2.6f,
            0.40f, 11.5f, 5.0f,
            0.50f, 15.0f, 8.2f,
            0.58f, 18.5f, 8.6f,
            0.65f, 23.0f, 8.0f,
            0.77f, 32.5f, 11.0f,
            0.90f, 40.0f, 14.5f,
            1.00f, 45.0f, 14.0f,
        };

        private static int Count
        {
            get { return Points.Length / 3; }
        }

        /// <summary>Where the listener's ears are at a share of the walk.</summary>
        public static Vector3 At(float share)
        {
            return new Vector3(Along(share, 1), EarM, Along(share, 2));
        }

        /// <summary>Which way they look: where they go. In degrees, to the right of +z.</summary>
        public static float YawDegAt(float share)
        {
            Vector3 way = At(Mathf.Min(1f, share + LookShare)) - At(Mathf.Max(0f, share - LookShare));
            return (float)(Math.Atan2(way.x, way.z) * 180.0 / Math.PI);
        }

        private static float Along(float share, int axis)
        {
            int i = 0;
            while (i < Count - 2 && Share(i + 1) < share)
            {
                i++;
            }

            float step = Share(i + 1) - Share(i);
            float t = (share - Share(i)) / step;
            float u = 1f - t;
            return (Value(i, axis) * u * u * (1f + (2f * t)))
                + (Slope(i, axis) * step * t * u * u)
                + (Value(i + 1, axis) * t * t * (1f + (2f * u)))
                - (Slope(i + 1, axis) * step * t * t * u);
        }

        private static float Slope(int i, int axis)
        {
            int before = Math.Max(0, i - 1);
            int after = Math.Min(Count - 1, i + 1);
            float back = Share(i) - Share(before);
            float ahead = Share(after) - Share(i);
            float rise = Value(after, axis) - Value(i, axis);
            float run = Value(i, axis) - Value(before, axis);
            if (before == i || after == i)
            {
                return (rise + run) / (back + ahead);
            }

            // Second order also where the steps differ.
            return ((rise * back / ahead) + (run * ahead / back)) / (back + ahead);
        }

        private static float Share(int i)
        {
            return Points[3 * i];
        }

        private static float Value(int i, int axis)
        {
            return Points[(3 * i) + axis];
        }
    }
}
