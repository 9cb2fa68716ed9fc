using UnityEditor;

namespace Roomtone.Inspectors
{
    /// <summary>The daemon of this editor session, if the developer has started one: it lives through reloads of scripts.</summary>
    internal static class EditorDaemon
    {
        private const string NameKey = "Roomtone.Daemon";
        private static DaemonProcess _process;

        /// <summary>Whether it runs.</summary>
        public static bool IsRunning
        {
            get
            {
                if (_process == null)
                {
                    _process = DaemonProcess.Find(SessionState.GetString(NameKey, ""));
                }

                return _process != null && _process.IsRunning;
            }
        }

        /// <summary>What kept it from starting, or that it has ended by itself; empty while all is well.</summary>
        public static string Trouble
        {
            get
            {
                bool ended = _process != null && !_process.IsRunning;
                return ended ? "The daemon has ended: start it in a terminal to see why." : _trouble;
            }
        }

        private static string _trouble = "";

        /// <summary>Starts it as the project's settings say.</summary>
        public static void Start()
        {
            RoomtoneSettings settings = RoomtoneSettings.instance;
            try
            {
                _trouble = "";
                _process = DaemonProcess.Start(
                    settings.Command, settings.ScenesFolder, settings.Endpoint, settings.Token);
                SessionState.SetString(NameKey, _process.Name);
            }
            catch (SettingsException error)
            {
                _trouble = error.Message;
            }
        }

        /// <summary>Ends it.</summary>
        public static void Stop()
        {
            if (IsRunning)
            {
                _process.Stop();
            }

            _process = null;
            SessionState.EraseString(NameKey);
        }
    }
}
