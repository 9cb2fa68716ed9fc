using System;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;

namespace Roomtone.Inspectors
{
    /// <summary>A daemon that a developer starts from the editor.</summary>
    /// <remarks>One thread. It says what it has to say where the editor does: in the terminal, if there is one.</remarks>
    internal sealed class DaemonProcess
    {
        private const int EndMs = 3000;

        private readonly Process _process;

        private DaemonProcess(Process process)
        {
            _process = process;
            Name = process.Id + ":" + process.StartTime.ToBinary();
        }

        /// <summary>By which it is found again after scripts were reloaded, and no other process in its place.</summary>
        public string Name { get; }

        /// <summary>Whether it runs.</summary>
        public bool IsRunning
        {
            get { return !_process.HasExited; }
        }

        /// <summary>Starts `roomtone serve`.</summary>
        /// <exception cref="SettingsException"><c>settings.command</c>, <c>settings.scenes</c>.</exception>
        public static DaemonProcess Start(string command, string scenesFolder, string endpoint, string token)
        {
            if (!Directory.Exists(scenesFolder))
            {
                throw new SettingsException(
                    "settings.scenes", "there is no such folder", scenesFolder, "name the folder of your scene files");
            }

            ProcessStartInfo start = new ProcessStartInfo(command)
            {
                Arguments = "serve " + Quoted(scenesFolder) + " --endpoint " + Quoted(endpoint),
                UseShellExecute = false,
                CreateNoWindow = true,
            };
            start.EnvironmentVariables["ROOMTONE_TOKEN"] = token;
            try
            {
                return new DaemonProcess(Process.Start(start));
            }
            catch (Win32Exception error)
            {
                throw new SettingsException(
                    "settings.command",
                    error.Message,
                    command,
                    "install the daemon and name its command in Project Settings → Roomtone");
            }
        }

        /// <summary>Finds a daemon by its name; null if it has ended.</summary>
        public static DaemonProcess Find(string name)
        {
            int colon = name.IndexOf(':');
            if (colon < 0 || !int.TryParse(name.Substring(0, colon), out int id))
            {
                return null;
            }

            try
            {
                DaemonProcess found = new DaemonProcess(Process.GetProcessById(id));
                return found.Name == name && found.IsRunning ? found : null;
            }
            catch (SystemException)
            {
                // No process has the number, or one that is not ours to look at.
                return null;
            }
        }

        /// <summary>Ends it at once: games conceal that, and their scenes come back with the next daemon.</summary>
        public void Stop()
        {
            if (IsRunning)
            {
                _process.Kill();
                _process.WaitForExit(EndMs);
            }

            _process.Dispose();
        }

        private static string Quoted(string argument)
        {
            return "\"" + argument.TrimEnd('\\').Replace("\"", "\\\"") + "\"";
        }
    }
}
