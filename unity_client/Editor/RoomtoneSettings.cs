using UnityEditor;
using UnityEngine;

namespace Roomtone.Inspectors
{
    /// <summary>How a developer of this project works with the daemon; what a build uses stands in its RoomtoneDaemon.</summary>
    [FilePath("UserSettings/Roomtone.asset", FilePathAttribute.Location.ProjectFolder)]
    public sealed class RoomtoneSettings : ScriptableSingleton<RoomtoneSettings>
    {
        [SerializeField]
        private string command = "roomtone";

        [SerializeField]
        private string scenesFolder = "scenes";

        [SerializeField]
        private string endpoint = Client.DefaultEndpoint;

        [SerializeField]
        private string token = "";

        [SerializeField]
        private float aheadMs = 100f;

        /// <summary>The daemon's command, with its path where it is not on the PATH.</summary>
        public string Command
        {
            get { return command; }
            set { command = value; }
        }

        /// <summary>The folder of the scene files; a relative one is the project's.</summary>
        public string ScenesFolder
        {
            get { return scenesFolder; }
            set { scenesFolder = value; }
        }

        /// <summary>Where a daemon that the window starts listens, and what a new RoomtoneDaemon begins with.</summary>
        public string Endpoint
        {
            get { return endpoint; }
            set { endpoint = value; }
        }

        /// <summary>The token that a daemon of the window asks for.</summary>
        public string Token
        {
            get { return token; }
            set { token = value; }
        }

        /// <summary>How much a new RoomtoneDaemon keeps buffered.</summary>
        public float AheadMs
        {
            get { return aheadMs; }
            set { aheadMs = value; }
        }

        /// <summary>Keeps it.</summary>
        public void Keep()
        {
            Save(true);
        }
    }
}
