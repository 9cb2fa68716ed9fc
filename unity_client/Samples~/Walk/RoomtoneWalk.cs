using Roomtone.Components;
using UnityEngine;

namespace Roomtone.Samples
{
    /// <summary>
    /// Takes a walk of a minute from a rainy street through a café into a forest at night. Put it on an empty object in an
    /// empty scene, start `roomtone serve scenes`, and press Play.
    /// </summary>
    [AddComponentMenu("Roomtone/Samples/Roomtone Walk")]
    public sealed class RoomtoneWalk : MonoBehaviour
    {
        private static readonly string[] Captions =
        {
            "a wet street, rain; water runs in the gutter",
            "the rain grows, and drums on the tin awning ahead",
            "through the café's door",
            "the tables fill up; a fire in the hearth, rain at the window",
            "out by the back door: the rain has passed, a last bird sings",
            "night falls over the forest; crickets, and a brook to the left",
            "the wind dies down",
        };

        private static readonly float[] CaptionShares = { 0f, 0.12f, 0.32f, 0.44f, 0.63f, 0.76f, 0.92f };

        [SerializeField]
        [Tooltip("How long it takes.")]
        private float seconds = 60f;

        [SerializeField]
        [Tooltip("Who places the layers.")]
        private RoomtoneSpatialisation spatialisation = RoomtoneSpatialisation.Engine;

        private RoomtoneScene[] _scenes;
        private Transform _listener;
        private float _share;

        /// <summary>How far it is, 0 to 1; it begins when the first scene sounds.</summary>
        public float Share
        {
            get { return _share; }
            set { _share = Mathf.Clamp01(value); }
        }

        /// <summary>The street, the café and the forest.</summary>
        public RoomtoneScene[] Scenes
        {
            get { return _scenes; }
        }

        /// <summary>What is heard now, in words.</summary>
        public string Caption
        {
            get
            {
                int said = 0;
                while (said < Captions.Length - 1 && CaptionShares[said + 1] <= _share)
                {
                    said++;
                }

                return Captions[said];
            }
        }

        private void Start()
        {
            _listener = Ears();
            _scenes = new RoomtoneScene[WalkPlace.All.Length];
            for (int i = 0; i < _scenes.Length; i++)
            {
                _scenes[i] = Build(WalkPlace.All[i]);
            }
        }

        private void Update()
        {
            if (_scenes[0].IsOpen)
            {
                Share = _share + (Time.deltaTime / seconds);
            }

            _listener.position = WalkWay.At(_share);
            _listener.eulerAngles = new Vector3(0f, WalkWay.YawDegAt(_share), 0f);
            for (int i = 0; i < _scenes.Length; i++)
            {
                foreach (WalkCourse course in WalkPlace.All[i].Courses)
                {
                    _scenes[i].Set(course.Parameter, course.At(_share));
                }
            }
        }

        private void OnGUI()
        {
            RoomtoneDaemon daemon = RoomtoneDaemon.Current;
            bool away = daemon == null || !daemon.IsConnected;
            GUI.Label(new Rect(20f, 20f, 600f, 30f), away ? "no daemon: start `roomtone serve scenes`" : Caption);
            for (int i = 0; i < _scenes.Length; i++)
            {
                string level = _scenes[i].SceneName + "  " + _scenes[i].ZoneLevel.ToString("0.00");
                GUI.Label(new Rect(20f, 50f + (20f * i), 600f, 30f), level);
            }
        }

        private static Transform Ears()
        {
            AudioListener found = FindObjectOfType<AudioListener>();
            return found != null ? found.transform : new GameObject("Listener", typeof(AudioListener)).transform;
        }

        private RoomtoneScene Build(WalkPlace place)
        {
            GameObject made = new GameObject(place.Scene);
            made.SetActive(false);
            made.transform.position = place.Origin;
            RoomtoneScene scene = made.AddComponent<RoomtoneScene>();
            scene.SceneName = place.Scene;
            scene.Seed = place.Seed;
            scene.Spatialisation = spatialisation;
            GameObject middle = new GameObject("zone");
            middle.transform.SetParent(made.transform);
            middle.transform.position = place.Middle;
            made.SetActive(true);
            RoomtoneZone zone = middle.AddComponent<RoomtoneZone>();
            zone.RadiusM = place.RadiusM;
            zone.FadeM = place.FadeM;
            return scene;
        }
    }
}
