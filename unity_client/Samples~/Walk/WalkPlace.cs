using UnityEngine;

namespace Roomtone.Samples
{
    /// <summary>A scene in the world: where it is heard, where its own origin lies, and what changes on the way.</summary>
    public sealed class WalkPlace
    {
        private static readonly float[] Rain =
        {
            0f, 0.45f, 0.06f, 0.45f, 0.24f, 0.8f, 0.52f, 0.8f, 0.7f, 0.1f, 1f, 0f,
        };

        private static readonly float[] Storm =
        {
            0f, 0.3f, 0.15f, 0.5f, 0.3f, 0.6f, 0.6f, 0.5f, 0.75f, 0f, 1f, 0f,
        };

        private WalkPlace(
            string scene, long seed, Vector3 middle, float radiusM, float fadeM, Vector3 origin, WalkCourse[] courses)
        {
            Scene = scene;
            Seed = seed;
            Middle = middle;
            RadiusM = radiusM;
            FadeM = fadeM;
            Origin = origin;
            Courses = courses;
        }

        /// <summary>The same three as in `roomtone demo`, with Unity's axes.</summary>
        public static WalkPlace[] All { get; } =
        {
            new WalkPlace(
                "rainy_street",
                261,
                new Vector3(-4f, 0f, 0f),
                11f,
                5f,
                new Vector3(0f, 0f, 0f),
                new[]
                {
                    new WalkCourse("rain", Rain),
                    new WalkCourse("storm", Storm),
                    new WalkCourse("wind", 0f, 0.12f, 0.2f, 0.35f, 1f, 0.15f),
                }),
            new WalkPlace(
                "cafe",
                300,
                new Vector3(16f, 0f, 7f),
                7f,
                4f,
                new Vector3(16f, 0f, 6f),
                new[]
                {
                    new WalkCourse("rain", Rain),
                    new WalkCourse("storm", Storm),
                    new WalkCourse("guests", 0f, 0.35f, 0.38f, 0.4f, 0.52f, 0.95f, 0.7f, 0.7f, 1f, 0.5f),
                    new WalkCourse("cheer", 0f, 0.2f, 0.4f, 0.3f, 0.55f, 0.8f, 1f, 0.4f),
                    new WalkCourse("fire", 0f, 0.5f, 0.45f, 0.55f, 0.52f, 0.75f, 1f, 0.5f),
                }),
            new WalkPlace(
                "night_forest",
                76,
                new Vector3(46f, 0f, 14f),
                19f,
                6f,
                new Vector3(48f, 0f, 14f),
                new[]
                {
                    new WalkCourse("time_of_day", 0f, 19.4f, 0.6f, 19.4f, 0.84f, 22.5f, 1f, 23.5f),
                    new WalkCourse("wind", 0f, 0.4f, 0.75f, 0.35f, 0.9f, 0.12f, 1f, 0.1f),
                    new WalkCourse("water", 0f, 0.5f, 1f, 0.5f),
                    new WalkCourse("temperature", 0f, 22f, 1f, 22f),
                }),
        };

        /// <summary>The scene's name.</summary>
        public string Scene { get; }

        /// <summary>Chosen so that a thunderclap falls into the minute that is heard.</summary>
        public long Seed { get; }

        /// <summary>The middle of its zone.</summary>
        public Vector3 Middle { get; }

        /// <summary>Within it the scene is heard alone.</summary>
        public float RadiusM { get; }

        /// <summary>How far beyond it is gone.</summary>
        public float FadeM { get; }

        /// <summary>Where the scene's own origin lies.</summary>
        public Vector3 Origin { get; }

        /// <summary>What the game asks of its parameters.</summary>
        public WalkCourse[] Courses { get; }
    }
}
