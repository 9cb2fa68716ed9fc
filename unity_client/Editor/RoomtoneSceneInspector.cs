using System.Collections.Generic;
using Roomtone.Components;
using Roomtone.Wire;
using UnityEditor;
using UnityEngine;

namespace Roomtone.Inspectors
{
    /// <summary>A scene's parameters as sliders, its moods as buttons, its layers as meters, while the game plays.</summary>
    [CustomEditor(typeof(RoomtoneScene))]
    internal sealed class RoomtoneSceneInspector : Editor
    {
        private const float MostMorphS = 30f;
        private static float _morphS = 5f;

        /// <inheritdoc/>
        public override bool RequiresConstantRepaint()
        {
            return EditorApplication.isPlaying;
        }

        /// <inheritdoc/>
        public override void OnInspectorGUI()
        {
            DrawDefaultInspector();
            if (EditorApplication.isPlaying)
            {
                Live((RoomtoneScene)target);
            }
        }

        /// <summary>Shows a scene as it plays, here and in the window.</summary>
        internal static void Live(RoomtoneScene scene)
        {
            if (scene.Trouble.Length > 0)
            {
                EditorGUILayout.HelpBox(scene.Trouble, MessageType.Error);
            }

            if (!scene.IsOpen)
            {
                return;
            }

            EditorGUILayout.Space();
            if (scene.Scene != null)
            {
                Meter.Buffer(scene.Scene);
            }

            Parameters(scene);
            Moods(scene);
            EditorGUILayout.Space();
            foreach (RoomtoneLayer layer in scene.Layers)
            {
                bool isPrompt = layer.Source != LayerSource.None;
                string source = isPrompt ? "  (" + layer.Source + ", " + layer.SourceReason + ")" : "";
                Meter.Level(layer.LayerName + source, layer.LevelDb);
            }
        }

        private static void Parameters(RoomtoneScene scene)
        {
            foreach (KeyValuePair<string, ParameterInfo> parameter in scene.Parameters)
            {
                ParameterInfo info = parameter.Value;
                string label = info.Unit.Length == 0 ? info.Name : info.Name + " (" + info.Unit + ")";
                EditorGUI.BeginChangeCheck();
                float value = EditorGUILayout.Slider(label, scene.Get(info.Name), (float)info.Low, (float)info.High);
                if (EditorGUI.EndChangeCheck())
                {
                    scene.Set(info.Name, value);
                }
            }
        }

        private static void Moods(RoomtoneScene scene)
        {
            if (scene.Moods.Count == 0)
            {
                return;
            }

            _morphS = EditorGUILayout.Slider("Morph over (s)", _morphS, 0f, MostMorphS);
            EditorGUILayout.BeginHorizontal();
            foreach (string mood in scene.Moods)
            {
                if (GUILayout.Button(mood))
                {
                    scene.Morph(mood, _morphS);
                }
            }

            EditorGUILayout.EndHorizontal();
        }
    }
}
