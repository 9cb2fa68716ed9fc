using System;

namespace Roomtone.Components
{
    /// <summary>A scene as <c>roomtone bake --engine unity</c> writes it: <c>SCENE/SCENE.json</c>.</summary>
    [Serializable]
    internal sealed class BakedScene
    {
#pragma warning disable SA1401, CS0649 // Unity's JSON reader fills fields.
        public int format;
        public string name;
        public Parameter[] parameters;
        public State[] moods;
        public State[] states;
        public Layer[] layers;

        /// <summary>A parameter, and how it walks.</summary>
        [Serializable]
        internal sealed class Parameter
        {
            public string name;
            public float usual;
            public float low;
            public float high;
            public string unit;
            public bool wraps;
            public float riseS;
            public float fallS;
        }

        /// <summary>A parameter's value.</summary>
        [Serializable]
        internal sealed class Value
        {
            public string name;
            public float value;
        }

        /// <summary>A mood, or a state that was baked.</summary>
        [Serializable]
        internal sealed class State
        {
            public string name;
            public Value[] values;
        }

        /// <summary>A layer: its place, and a sound for each state.</summary>
        [Serializable]
        internal sealed class Layer
        {
            public string name;
            public string kind;
            public float[] atM;
            public float nearM;
            public float reachM;
            public string[] follows;
            public Sound[] sounds;
        }

        /// <summary>What is heard at a state; an empty file is silence.</summary>
        [Serializable]
        internal sealed class Sound
        {
            public string state;
            public string file;
            public Event[] events;
        }

        /// <summary>From a moment on, where a scattered layer is heard, from the listener.</summary>
        [Serializable]
        internal sealed class Event
        {
            public float atS;
            public float[] atM;
        }
#pragma warning restore SA1401, CS0649
    }
}
