using System;
using System.Collections.Generic;
using System.Reflection;

namespace UnityEngine
{
    // Not of Unity: what the engine does around scripts, as far as these tests need it. Lifecycle after
    // https://docs.unity3d.com/2021.3/Documentation/Manual/ExecutionOrder.html; one thread plays all the engine's.
    public static class StubEngine
    {
        private const BindingFlags Any = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;
        private static readonly List<GameObject> Objects = new List<GameObject>();
        private static readonly HashSet<GameObject> Kept = new HashSet<GameObject>();

        public static List<string> Log { get; } = new List<string>();

        // Whether scripts beside a source that does not play are called, too: engines differ.
        public static bool CallsForStoppedSources { get; set; }

        // Goes on by so much time: Start, Update and LateUpdate of all.
        public static void Update(float deltaTime)
        {
            Time.deltaTime = deltaTime;
            Time.time += deltaTime;
            Time.unscaledTime += deltaTime;
            List<MonoBehaviour> scripts = Enabled();
            foreach (MonoBehaviour script in scripts)
            {
                if (!script.StubStarted && script.StubEnabled)
                {
                    script.StubStarted = true;
                    Send(script, "Start");
                }
            }

            SendAll(scripts, "Update");
            SendAll(scripts, "LateUpdate");
            SendAll(scripts, "OnGUI");
        }

        // One turn of the mixer: what every source plays goes through the scripts beside it and is summed to stereo.
        public static float[] Mix(int frames)
        {
            float[] mix = new float[2 * frames];
            if (AudioListener.pause && !CallsForStoppedSources)
            {
                return mix;
            }

            AudioListener listener = Find<AudioListener>();
            Vector3 at = listener == null ? Vector3.zero : listener.transform.position;
            foreach (GameObject each in Objects.ToArray())
            {
                AudioSource source = each.GetComponent<AudioSource>();
                if (source != null && source.isPlaying && source.isActiveAndEnabled)
                {
                    Sum(mix, Filtered(each, source.StubRender(frames, at)));
                }
                else if (source != null && CallsForStoppedSources)
                {
                    Filtered(each, new float[2 * frames]);
                }
            }

            AudioSettings.dspTime += (double)frames / AudioSettings.outputSampleRate;
            return mix;
        }

        // The device changes: every source stops.
        public static void ChangeDevice(int outputSampleRate)
        {
            AudioSettings.outputSampleRate = outputSampleRate;
            foreach (AudioSource source in FindAll<AudioSource>())
            {
                source.Stop();
            }

            AudioSettings.StubChange();
        }

        // Another scene is loaded: only what must not be destroyed stays.
        public static void LoadAnotherScene()
        {
            foreach (GameObject each in Objects.ToArray())
            {
                if (each.transform.parent == null && !Kept.Contains(each))
                {
                    Destroy(each);
                }
            }
        }

        // Scripts are compiled while the game plays: what is not serialised is lost.
        public static void ReloadDomain(Action beforeReload)
        {
            beforeReload();
            List<MonoBehaviour> scripts = Enabled();
            SendAll(scripts, "OnDisable");
            foreach (MonoBehaviour script in scripts)
            {
                Forget(script);
                Send(script, "OnEnable");
            }
        }

        // Play mode begins without a domain reload.
        public static void BeginWithoutReload(params Type[] types)
        {
            foreach (Type type in types)
            {
                foreach (MethodInfo method in type.GetMethods(BindingFlags.Static | BindingFlags.NonPublic))
                {
                    if (method.GetCustomAttribute<RuntimeInitializeOnLoadMethodAttribute>() != null)
                    {
                        method.Invoke(null, null);
                    }
                }
            }
        }

        // The application ends.
        public static void Quit()
        {
            SendAll(Enabled(), "OnApplicationQuit");
            Application.StubQuit();
            foreach (GameObject each in Objects.ToArray())
            {
                Destroy(each);
            }
        }

        // A new test.
        public static void Reset()
        {
            Quit();
            Objects.Clear();
            Kept.Clear();
            Log.Clear();
            AudioListener.pause = false;
            CallsForStoppedSources = false;
            AudioSettings.outputSampleRate = 48000;
            AudioSettings.StubSpatializer = "";
        }

        public static void Destroy(Object obj)
        {
            if (obj is GameObject whole)
            {
                Bury(whole);
            }
            else if (obj is MonoBehaviour script)
            {
                End(script);
                script.gameObject.StubComponents.Remove(script);
            }

            obj.StubMarkDestroyed();
        }

        internal static void Add(GameObject created)
        {
            Objects.Add(created);
        }

        internal static void Keep(GameObject kept)
        {
            Kept.Add(kept);
        }

        internal static T Find<T>()
            where T : Object
        {
            T[] all = FindAll<T>();
            return all.Length > 0 ? all[0] : null;
        }

        internal static T[] FindAll<T>()
            where T : Object
        {
            List<T> found = new List<T>();
            foreach (GameObject each in Objects)
            {
                foreach (Component component in each.StubComponents)
                {
                    if (component is T && each.activeInHierarchy)
                    {
                        found.Add(component as T);
                    }
                }
            }

            return found.ToArray();
        }

        internal static Component Attach(GameObject to, Type type)
        {
            foreach (object attribute in type.GetCustomAttributes(typeof(RequireComponent), true))
            {
                Type required = ((RequireComponent)attribute).m_Type0;
                if (!to.StubComponents.Exists(component => required.IsInstanceOfType(component)))
                {
                    Attach(to, required);
                }
            }

            Component made = (Component)Activator.CreateInstance(type, true);
            made.gameObject = to;
            to.StubComponents.Add(made);
            Refresh(made as Behaviour);
            return made;
        }

        internal static void RefreshAll(GameObject whole)
        {
            foreach (Component component in whole.StubComponents.ToArray())
            {
                Refresh(component as Behaviour);
            }

            for (int i = 0; i < whole.transform.childCount; i++)
            {
                RefreshAll(whole.transform.GetChild(i).gameObject);
            }
        }

        internal static void Refresh(Behaviour behaviour)
        {
            MonoBehaviour script = behaviour as MonoBehaviour;
            if (script == null || script.gameObject == null)
            {
                return;
            }

            if (script.gameObject.activeInHierarchy && !script.StubAwake)
            {
                script.StubAwake = true;
                Send(script, "Awake");
            }

            if (script.isActiveAndEnabled != script.StubEnabled)
            {
                script.StubEnabled = script.isActiveAndEnabled;
                Send(script, script.StubEnabled ? "OnEnable" : "OnDisable");
            }
        }

        private static List<MonoBehaviour> Enabled()
        {
            List<MonoBehaviour> scripts = new List<MonoBehaviour>();
            foreach (MonoBehaviour script in FindAll<MonoBehaviour>())
            {
                if (script.StubEnabled)
                {
                    scripts.Add(script);
                }
            }

            scripts.Sort((one, other) => OrderOf(one).CompareTo(OrderOf(other)));
            return scripts;
        }

        private static int OrderOf(MonoBehaviour script)
        {
            DefaultExecutionOrder order = script.GetType().GetCustomAttribute<DefaultExecutionOrder>();
            return order == null ? 0 : order.order;
        }

        private static void SendAll(List<MonoBehaviour> scripts, string message)
        {
            foreach (MonoBehaviour script in scripts)
            {
                if (script.StubEnabled && script != null)
                {
                    Send(script, message);
                }
            }
        }

        private static void Send(MonoBehaviour script, string message, params object[] arguments)
        {
            MethodInfo method = script.GetType().GetMethod(message, Any);
            if (method != null)
            {
                method.Invoke(script, arguments);
            }
        }

        private static float[] Filtered(GameObject from, float[] data)
        {
            AudioSource source = from.GetComponent<AudioSource>();
            foreach (Component component in from.StubComponents.ToArray())
            {
                MonoBehaviour script = component as MonoBehaviour;
                if (script != null && script.StubEnabled && !source.bypassEffects)
                {
                    Send(script, "OnAudioFilterRead", data, 2);
                }
            }

            return data;
        }

        private static void Sum(float[] mix, float[] data)
        {
            for (int i = 0; i < mix.Length; i++)
            {
                mix[i] += data[i];
            }
        }

        private static void Bury(GameObject whole)
        {
            while (whole.transform.childCount > 0)
            {
                Destroy(whole.transform.GetChild(0).gameObject);
            }

            foreach (Component component in whole.StubComponents.ToArray())
            {
                if (component is MonoBehaviour script)
                {
                    End(script);
                }

                component.StubMarkDestroyed();
            }

            whole.transform.SetParent(null, false);
            Objects.Remove(whole);
        }

        private static void End(MonoBehaviour script)
        {
            if (script.StubEnabled)
            {
                script.StubEnabled = false;
                Send(script, "OnDisable");
            }

            if (script.StubAwake)
            {
                Send(script, "OnDestroy");
            }
        }

        private static void Forget(MonoBehaviour script)
        {
            object fresh = Activator.CreateInstance(script.GetType(), true);
            foreach (FieldInfo field in script.GetType().GetFields(Any))
            {
                bool serialised = field.IsPublic || field.GetCustomAttribute<SerializeField>() != null;
                if (!serialised)
                {
                    field.SetValue(script, field.GetValue(fresh));
                }
            }
        }
    }
}
