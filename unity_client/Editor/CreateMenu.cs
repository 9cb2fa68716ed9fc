using Roomtone.Components;
using UnityEditor;
using UnityEngine;

namespace Roomtone.Inspectors
{
    /// <summary>GameObject → Roomtone: what a designer puts into a scene.</summary>
    internal static class CreateMenu
    {
        [MenuItem("GameObject/Roomtone/Scene", false, 10)]
        private static void MakeScene(MenuCommand command)
        {
            Put(new GameObject("Roomtone Scene", typeof(RoomtoneScene)), command);
        }

        [MenuItem("GameObject/Roomtone/Scene with Zone", false, 11)]
        private static void MakeSceneWithZone(MenuCommand command)
        {
            Put(new GameObject("Roomtone Scene", typeof(RoomtoneScene), typeof(RoomtoneZone)), command);
        }

        [MenuItem("GameObject/Roomtone/Layer", false, 12)]
        private static void MakeLayer(MenuCommand command)
        {
            Put(new GameObject("Roomtone Layer", typeof(RoomtoneLayer)), command);
        }

        [MenuItem("GameObject/Roomtone/Daemon", false, 13)]
        private static void MakeDaemon(MenuCommand command)
        {
            GameObject made = new GameObject("Roomtone Daemon", typeof(RoomtoneDaemon));
            RoomtoneDaemon daemon = made.GetComponent<RoomtoneDaemon>();
            daemon.Endpoint = RoomtoneSettings.instance.Endpoint;
            daemon.AheadMs = RoomtoneSettings.instance.AheadMs;
            Put(made, command);
        }

        private static void Put(GameObject made, MenuCommand command)
        {
            GameObjectUtility.SetParentAndAlign(made, command.context as GameObject);
            Undo.RegisterCreatedObjectUndo(made, "Create " + made.name);
            Selection.activeObject = made;
        }
    }
}
