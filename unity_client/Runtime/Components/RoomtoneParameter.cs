using System;
using UnityEngine;

namespace Roomtone.Components
{
    /// <summary>A parameter's value, as a designer writes it down.</summary>
    [Serializable]
    public struct RoomtoneParameter
    {
        [SerializeField]
        private string name;

        [SerializeField]
        private float value;

        /// <summary>Names a value.</summary>
        public RoomtoneParameter(string name, float value)
        {
            this.name = name;
            this.value = value;
        }

        /// <summary>The parameter's name in the scene file.</summary>
        public string Name
        {
            get { return name; }
        }

        /// <summary>In the parameter's own unit.</summary>
        public float Value
        {
            get { return value; }
        }
    }
}
