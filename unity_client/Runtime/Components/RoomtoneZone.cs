using System.Collections.Generic;
using UnityEngine;

namespace Roomtone.Components
{
    /// <summary>
    /// Where a scene is heard: alone within the radius, gone a fade further out. Where zones meet, their scenes crossfade
    /// with equal power; out of all zones the nearest is heard.
    /// </summary>
    /// <remarks>Main thread. A scene may have several zones, and may be entered and left as often as one likes.</remarks>
    [AddComponentMenu("Roomtone/Roomtone Zone")]
    public sealed class RoomtoneZone : MonoBehaviour
    {
        private static readonly List<RoomtoneZone> Zones = new List<RoomtoneZone>();
        private static Zone[] _shapes = new Zone[8];
        private static double[] _gains = new double[8];

        [SerializeField]
        [Tooltip("Left out, the scene of the objects above.")]
        private RoomtoneScene scene;

        [SerializeField]
        [Min(0f)]
        [Tooltip("Within it the scene is heard alone.")]
        private float radiusM = 10f;

        [SerializeField]
        [Min(0.1f)]
        [Tooltip("How far beyond it is gone.")]
        private float fadeM = 5f;

        [SerializeField]
        [Tooltip("Whether only the way on the ground counts.")]
        private bool flat = true;

        private RoomtoneScene _owner;

        /// <summary>Whose zone it is; takes effect when this is enabled.</summary>
        public RoomtoneScene Scene
        {
            get { return scene; }
            set { scene = value; }
        }

        /// <summary>Within it the scene is heard alone.</summary>
        public float RadiusM
        {
            get { return radiusM; }
            set { radiusM = Mathf.Max(0f, value); }
        }

        /// <summary>How far beyond it is gone.</summary>
        public float FadeM
        {
            get { return fadeM; }
            set { fadeM = Mathf.Max(0.1f, value); }
        }

        /// <summary>Whether only the way on the ground counts.</summary>
        public bool Flat
        {
            get { return flat; }
            set { flat = value; }
        }

        /// <summary>How much of the crossfade is this zone's, 0 to 1.</summary>
        public float Gain { get; private set; }

        /// <summary>Gives every scene that has zones its level where the listener is; several zones add their powers.</summary>
        internal static void MixAll(Vector3 listenerM)
        {
            int count = Zones.Count;
            if (count > _shapes.Length)
            {
                _shapes = new Zone[2 * count];
                _gains = new double[2 * count];
            }

            for (int i = 0; i < count; i++)
            {
                _shapes[i] = Zones[i].Shape(listenerM);
                Zones[i]._owner.ZoneLevel = 0f;
            }

            Mixing.ZoneGains(_shapes, count, Axes.FromUnity(listenerM), _gains);
            for (int i = 0; i < count; i++)
            {
                RoomtoneZone zone = Zones[i];
                zone.Gain = (float)_gains[i];
                float before = zone._owner.ZoneLevel;
                zone._owner.ZoneLevel = Mathf.Min(1f, Mathf.Sqrt((before * before) + (zone.Gain * zone.Gain)));
            }
        }

        // Play mode may begin without a domain reload.
        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.SubsystemRegistration)]
        private static void Begin()
        {
            Zones.Clear();
        }

        private void OnEnable()
        {
            _owner = scene != null ? scene : GetComponentInParent<RoomtoneScene>();
            if (_owner == null)
            {
                Debug.LogError("Roomtone: a zone needs a scene: put it under a RoomtoneScene, or name one", this);
                return;
            }

            Zones.Add(this);
            _owner.ZoneLevel = 0f;
        }

        private void OnDisable()
        {
            Zones.Remove(this);
            Gain = 0f;
            if (_owner != null)
            {
                _owner.ZoneLevel = 0f;
            }
        }

        private Zone Shape(Vector3 listenerM)
        {
            Vector3 atM = transform.position;
            atM.y = flat ? listenerM.y : atM.y;
            return new Zone(Axes.FromUnity(atM), radiusM, fadeM);
        }

        private void OnDrawGizmosSelected()
        {
            Gizmos.color = new Color(0.3f, 0.8f, 1f, 0.8f);
            Gizmos.DrawWireSphere(transform.position, radiusM);
            Gizmos.color = new Color(0.3f, 0.8f, 1f, 0.3f);
            Gizmos.DrawWireSphere(transform.position, radiusM + fadeM);
        }
    }
}
