using Roomtone.Components;
using UnityEditor;

namespace Roomtone.Inspectors
{
    /// <summary>What the editor does around a game: no connection outlives a reload of scripts or the end of play.</summary>
    [InitializeOnLoad]
    internal static class EditorHooks
    {
        static EditorHooks()
        {
            AssemblyReloadEvents.beforeAssemblyReload += RoomtoneDaemon.CloseAll;
            EditorApplication.playModeStateChanged += Follow;
            EditorApplication.quitting += Quit;
        }

        private static void Follow(PlayModeStateChange change)
        {
            if (change == PlayModeStateChange.EnteredEditMode)
            {
                RoomtoneDaemon.CloseAll();
            }
        }

        private static void Quit()
        {
            RoomtoneDaemon.CloseAll();
            EditorDaemon.Stop();
        }
    }
}
