using Roomtone.Components;
using UnityEditor;
using UnityEngine;

namespace Roomtone.Inspectors
{
    /// <summary>Window → Audio → Roomtone: the daemon, and all that plays.</summary>
    public sealed class RoomtoneWindow : EditorWindow
    {
        private Vector2 _scroll;

        /// <summary>Opens it.</summary>
        [MenuItem("Window/Audio/Roomtone")]
        public static void Open()
        {
            GetWindow<RoomtoneWindow>("Roomtone");
        }

        private void OnGUI()
        {
            _scroll = EditorGUILayout.BeginScrollView(_scroll);
            Daemon();
            Rate();
            Game();
            EditorGUILayout.EndScrollView();
        }

        private void OnInspectorUpdate()
        {
            if (EditorApplication.isPlaying)
            {
                Repaint();
            }
        }

        private static void Daemon()
        {
            bool running = EditorDaemon.IsRunning;
            EditorGUILayout.LabelField("Daemon of this editor", running ? "runs" : "not started");
            EditorGUILayout.BeginHorizontal();
            if (!running && GUILayout.Button("Start"))
            {
                EditorDaemon.Start();
            }

            if (running && GUILayout.Button("Stop"))
            {
                EditorDaemon.Stop();
            }

            if (GUILayout.Button("Settings"))
            {
                SettingsService.OpenProjectSettings(RoomtoneSettingsProvider.Path);
            }

            EditorGUILayout.EndHorizontal();
            if (EditorDaemon.Trouble.Length > 0)
            {
                EditorGUILayout.HelpBox(EditorDaemon.Trouble, MessageType.Error);
            }
        }

        private static void Rate()
        {
            int rateHz = AudioSettings.outputSampleRate;
            if (rateHz != Wire.Limits.SampleRateHz)
            {
                EditorGUILayout.HelpBox(
                    "The game's audio runs at " + rateHz + " Hz, so every layer is resampled. Set "
                    + "Project Settings → Audio → System Sample Rate to 48000 to spare that.",
                    MessageType.Warning);
            }
        }

        private static void Game()
        {
            EditorGUILayout.Space();
            RoomtoneDaemon daemon = RoomtoneDaemon.Current;
            if (!EditorApplication.isPlaying || daemon == null)
            {
                EditorGUILayout.HelpBox("Press Play to see what sounds.", MessageType.Info);
                return;
            }

            RoomtoneDaemonInspector.Status(daemon);
            foreach (RoomtoneScene scene in FindObjectsOfType<RoomtoneScene>())
            {
                EditorGUILayout.Space();
                string level = "level " + (scene.Level * scene.ZoneLevel).ToString("0.00");
                EditorGUILayout.LabelField(scene.SceneName, level);
                RoomtoneSceneInspector.Live(scene);
            }
        }
    }
}
