using System;
using System.Collections.Generic;
using Roomtone.Wire;
using UnityEngine;

namespace Roomtone.Components
{
    /// <summary>
    /// Plays a baked scene without any daemon: a source for each file of each layer, crossfaded as the parameters move.
    /// The scene's own coordinates are this object's.
    /// </summary>
    /// <remarks>
    /// Bake with <c>--engine unity</c> into a folder below one that is called Resources. Main thread.
    /// </remarks>
    [AddComponentMenu("Roomtone/Roomtone Bake")]
    public sealed class RoomtoneBake : MonoBehaviour
    {
        private const int Format = 1;

        private readonly List<BakedFile> _files = new List<BakedFile>();

        [SerializeField]
        [Tooltip("The folder of the bake, from the folder Resources on.")]
        private string bakedFolder = "baked";

        [SerializeField]
        [Tooltip("One of the scenes that were baked.")]
        private string sceneName = "rainy_street";

        [SerializeField]
        [Range(0f, 1f)]
        private float level = 1f;

        [SerializeField]
        [Tooltip("Who hears it: scattered sounds are heard from around there. Left out, this object.")]
        private Transform listener;

        private BakedState _state;

        /// <summary>The folder of the bake, from the folder Resources on; takes effect when this is enabled.</summary>
        public string BakedFolder
        {
            get { return bakedFolder; }
            set { bakedFolder = value; }
        }

        /// <summary>One of the scenes that were baked; takes effect when this is enabled.</summary>
        public string SceneName
        {
            get { return sceneName; }
            set { sceneName = value; }
        }

        /// <summary>How loud the whole scene is, 0 to 1.</summary>
        public float Level
        {
            get { return level; }
            set { level = Mathf.Clamp01(value); }
        }

        /// <summary>Who hears it.</summary>
        public Transform Listener
        {
            get { return listener; }
            set { listener = value; }
        }

        /// <summary>What is wrong, in words; empty while all is well.</summary>
        public string Trouble { get; private set; } = "";

        /// <summary>Whether it plays.</summary>
        public bool IsOpen
        {
            get { return _state != null; }
        }

        /// <summary>Moves a parameter: it walks there by itself. Call it every frame if you like.</summary>
        public void Set(string parameter, float value)
        {
            _state?.Set(parameter, value, false);
        }

        /// <summary>Where a parameter is; NaN if there is none of that name, or nothing plays.</summary>
        public float Get(string parameter)
        {
            return _state == null ? float.NaN : (float)_state.Get(parameter);
        }

        /// <summary>Moves every parameter that a mood names there; says whether there is such a mood.</summary>
        public bool Morph(string mood, float overS)
        {
            return _state != null && _state.Morph(mood, overS);
        }

        private void OnEnable()
        {
            TextAsset text = Resources.Load<TextAsset>(bakedFolder + "/" + sceneName + "/" + sceneName);
            BakedScene scene = text == null ? null : JsonUtility.FromJson<BakedScene>(text.text);
            if (scene == null || scene.format != Format)
            {
                Fail("there is no bake of '" + sceneName + "' in Resources/" + bakedFolder);
                return;
            }

            Trouble = "";
            _state = new BakedState(scene);
            foreach (BakedScene.Layer layer in scene.layers)
            {
                Play(layer);
            }
        }

        private void OnDisable()
        {
            foreach (BakedFile file in _files)
            {
                file.Stop();
            }

            _files.Clear();
            _state = null;
        }

        private void Update()
        {
            if (_state != null)
            {
                _state.Advance(Time.deltaTime);
                foreach (BakedFile file in _files)
                {
                    file.Follow(_state, level, listener == null ? transform : listener);
                }
            }
        }

        private void Play(BakedScene.Layer layer)
        {
            for (int i = 0; i < layer.sounds.Length; i++)
            {
                string file = layer.sounds[i].file;
                bool isFirst = Array.FindIndex(layer.sounds, sound => sound.file == file) == i;
                if (file.Length == 0 || !isFirst)
                {
                    continue;
                }

                AudioClip clip = Resources.Load<AudioClip>(bakedFolder + "/" + file);
                if (clip == null)
                {
                    Fail("'" + file + "' is not in Resources/" + bakedFolder);
                    continue;
                }

                GameObject made = new GameObject(file);
                made.transform.SetParent(transform, false);
                _files.Add(new BakedFile(made, clip, layer, file));
                _files[_files.Count - 1].Follow(_state, level, listener == null ? transform : listener);
                _files[_files.Count - 1].Play();
            }
        }

        private void Fail(string why)
        {
            Trouble = why;
            Debug.LogError("Roomtone: " + why, this);
        }
    }
}
