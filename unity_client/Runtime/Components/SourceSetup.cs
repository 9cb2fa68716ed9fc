using Roomtone.Wire;
using UnityEngine;

namespace Roomtone.Components
{
    /// <summary>Makes an AudioSource sound as a layer's placement says.</summary>
    internal static class SourceSetup
    {
        private const int CurveKeys = 66;

        // What has no distance of its own is heard from anywhere.
        private const float EverywhereM = 100000f;

        /// <summary>Prepares a source for a layer that the engine does not place: all is in the samples.</summary>
        public static void Flat(AudioSource source)
        {
            Begin(source, 2);
            source.spatialBlend = 0f;
            source.spatialize = false;
        }

        /// <summary>Prepares a source for a layer that the engine places.</summary>
        public static void Spatial(AudioSource source)
        {
            Begin(source, 1);
            source.spatialBlend = 1f;
            source.dopplerLevel = 0f;
            source.rolloffMode = AudioRolloffMode.Custom;

            // A spatialiser plugin must come after the samples: before them it would hear ones.
            source.spatialize = !string.IsNullOrEmpty(AudioSettings.GetSpatializerPluginName());
            source.spatializePostEffects = true;
        }

        /// <summary>Gives a spatial source a placement's distances.</summary>
        public static void Shape(AudioSource source, PlacementInfo placement)
        {
            bool far = placement.Kind == PlacementKind.Scatter;
            source.minDistance = far ? EverywhereM / 2f : Mathf.Max(0.01f, (float)placement.NearM);
            source.maxDistance = far ? EverywhereM : Mathf.Max(source.minDistance + 0.01f, (float)placement.ReachM);
            source.SetCustomCurve(AudioSourceCurveType.CustomRolloff, Rolloff(placement, source.maxDistance, far));
            source.SetCustomCurve(AudioSourceCurveType.Spread, Spread(placement, source.maxDistance, far));
        }

        private static void Begin(AudioSource source, int channels)
        {
            source.playOnAwake = false;
            source.loop = true;
            source.pitch = 1f;
            source.bypassEffects = false;
            source.clip = OnesClip.Make(channels);
        }

        /// <summary>The distance law as a curve: along maxDistance from 0 to 1.</summary>
        private static AnimationCurve Rolloff(PlacementInfo placement, float maxDistanceM, bool far)
        {
            Keyframe[] keys = Keys(placement, maxDistanceM);
            for (int i = 0; i < keys.Length; i++)
            {
                double distanceM = keys[i].time * maxDistanceM;
                keys[i].value = far ? 1f : (float)Mixing.DistanceGain(distanceM, placement.NearM, placement.ReachM);
            }

            return Straight(keys);
        }

        /// <summary>How far around a source is heard: an area is all around inside, and a direction from afar.</summary>
        private static AnimationCurve Spread(PlacementInfo placement, float maxDistanceM, bool far)
        {
            Keyframe[] keys = Keys(placement, maxDistanceM);
            for (int i = 0; i < keys.Length; i++)
            {
                Vector offset = new Vector(keys[i].time * maxDistanceM, 0.0, 0.0);
                double focus = far ? 1.0 : Mixing.Focus(placement, offset);

                // A spread of 180°, half of the curve's range, is all around.
                keys[i].value = (float)(0.5 * (1.0 - focus));
            }

            return Straight(keys);
        }

        /// <summary>Distances that show the law's shape: the middle, the end of full level, and denser there than far out.</summary>
        private static Keyframe[] Keys(PlacementInfo placement, float maxDistanceM)
        {
            Keyframe[] keys = new Keyframe[CurveKeys];
            float near = Mathf.Clamp01((float)placement.NearM / maxDistanceM);
            near = Mathf.Max(0.001f, Mathf.Min(near, 0.99f));
            for (int i = 1; i < keys.Length; i++)
            {
                float way = (i - 1f) / (CurveKeys - 2f);
                keys[i].time = near + ((1f - near) * way * way);
            }

            return keys;
        }

        private static AnimationCurve Straight(Keyframe[] keys)
        {
            for (int i = 0; i < keys.Length; i++)
            {
                keys[i].inTangent = i > 0 ? Slope(keys[i - 1], keys[i]) : 0f;
                keys[i].outTangent = i < keys.Length - 1 ? Slope(keys[i], keys[i + 1]) : 0f;
            }

            return new AnimationCurve(keys);
        }

        private static float Slope(Keyframe first, Keyframe second)
        {
            return (second.value - first.value) / (second.time - first.time);
        }
    }
}
