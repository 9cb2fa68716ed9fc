using UnityEngine;

namespace Roomtone.Components
{
    /// <summary>Finds the engine's listener, and looks for it again when it is gone. Main thread.</summary>
    internal sealed class Ear
    {
        private const int FramesBetweenSearches = 30;

        private int _framesToSearch;

        /// <summary>Who listens; null where nobody does.</summary>
        public Transform Listener { get; set; }

        /// <summary>Looks now, whenever it looked last.</summary>
        public void Begin()
        {
            _framesToSearch = 0;
        }

        /// <summary>Looks for a listener where there is none, once in a while.</summary>
        public void Find()
        {
            if (Listener != null || --_framesToSearch > 0)
            {
                return;
            }

            _framesToSearch = FramesBetweenSearches;
            AudioListener found = Object.FindObjectOfType<AudioListener>();
            Listener = found == null ? null : found.transform;
        }
    }
}
