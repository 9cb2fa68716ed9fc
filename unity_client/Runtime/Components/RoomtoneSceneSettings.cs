using UnityEngine;

namespace Roomtone.Components
{
    /// <summary>What a designer decides about a scene. Main thread.</summary>
    public abstract class RoomtoneSceneSettings : MonoBehaviour
    {
        [SerializeField]
        [Tooltip("Left out, the game's daemon; where there is none, one is made.")]
        private RoomtoneDaemon daemon;

        [SerializeField]
        [Tooltip("One of the daemon's scenes: its file's name.")]
        private string sceneName = "rainy_street";

        [SerializeField]
        [Tooltip("The folder of a bake, from the folder Resources on: it is played, and no daemon is needed.")]
        private string bakedFolder = "";

        [SerializeField]
        [Tooltip("Whether the same samples are heard every time.")]
        private bool hasSeed;

        [SerializeField]
        private long seed;

        [SerializeField]
        [Tooltip("Whether every layer of the scene gets an object of its own.")]
        private bool makeLayers = true;

        [SerializeField]
        [Tooltip("Who places the layers that are made.")]
        private RoomtoneSpatialisation spatialisation = RoomtoneSpatialisation.Engine;

        [SerializeField]
        [Range(0f, 1f)]
        private float level = 1f;

        [SerializeField]
        [Tooltip("Parameters that start elsewhere than at their default.")]
        private RoomtoneParameter[] startValues = new RoomtoneParameter[0];

        internal RoomtoneSceneSettings()
        {
        }

        /// <summary>One of the scenes of the daemon, or of the bake; takes effect when this is enabled.</summary>
        public string SceneName
        {
            get { return sceneName; }
            set { sceneName = value; }
        }

        /// <summary>
        /// Where <c>roomtone bake --engine unity</c> wrote to, from the folder Resources on; empty to play from a daemon. Takes
        /// effect when this is enabled.
        /// </summary>
        public string BakedFolder
        {
            get { return bakedFolder; }
            set { bakedFolder = value; }
        }

        /// <summary>The same seed gives the same samples; takes effect when this is enabled. A bake has its own.</summary>
        public long? Seed
        {
            get
            {
                return hasSeed ? seed : (long?)null;
            }

            set
            {
                hasSeed = value.HasValue;
                seed = value ?? 0;
            }
        }

        /// <summary>Whose scene it is; takes effect when this is enabled.</summary>
        public RoomtoneDaemon Daemon
        {
            get { return daemon; }
            set { daemon = value; }
        }

        /// <summary>Whether every layer gets an object of its own; takes effect when the scene is opened.</summary>
        public bool MakesLayers
        {
            get { return makeLayers; }
            set { makeLayers = value; }
        }

        /// <summary>Who places the layers that are made; takes effect when they are. A bake is always Unity's to place.</summary>
        public RoomtoneSpatialisation Spatialisation
        {
            get { return spatialisation; }
            set { spatialisation = value; }
        }

        /// <summary>How loud the whole scene is, 0 to 1.</summary>
        public float Level
        {
            get { return level; }
            set { level = Mathf.Clamp01(value); }
        }

        internal RoomtoneParameter[] StartValues
        {
            get { return startValues; }
        }
    }
}
