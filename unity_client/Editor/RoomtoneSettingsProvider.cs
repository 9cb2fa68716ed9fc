using System.Collections.Generic;
using UnityEditor;

namespace Roomtone.Inspectors
{
    /// <summary>Project Settings → Roomtone.</summary>
    internal sealed class RoomtoneSettingsProvider : SettingsProvider
    {
        public const string Path = "Project/Roomtone";

        private RoomtoneSettingsProvider()
            : base(Path, SettingsScope.Project, new[] { "audio", "ambience", "daemon", "endpoint" })
        {
        }

        /// <summary>Makes the page.</summary>
        [SettingsProvider]
        public static SettingsProvider Make()
        {
            return new RoomtoneSettingsProvider();
        }

        /// <inheritdoc/>
        public override void OnGUI(string searchContext)
        {
            RoomtoneSettings settings = RoomtoneSettings.instance;
            EditorGUI.BeginChangeCheck();
            settings.Command = EditorGUILayout.TextField("Command", settings.Command);
            settings.ScenesFolder = EditorGUILayout.TextField("Scenes folder", settings.ScenesFolder);
            settings.Endpoint = EditorGUILayout.TextField("Endpoint", settings.Endpoint);
            settings.Token = EditorGUILayout.PasswordField("Token", settings.Token);
            settings.AheadMs = EditorGUILayout.Slider("Buffer (ms)", settings.AheadMs, 20f, 500f);
            if (EditorGUI.EndChangeCheck())
            {
                settings.Keep();
            }

            EditorGUILayout.HelpBox(
                "These are yours, not the project's: they are kept in UserSettings. What a build uses stands in the "
                + "RoomtoneDaemon of its first scene.",
                MessageType.Info);
        }
    }
}
