using System;
using System.Collections.Generic;

namespace UnityEngine
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/GameObject.html
    public sealed class GameObject : Object
    {
        private readonly List<Component> _components = new List<Component>();
        private bool _active = true;

        public GameObject(string name)
        {
            this.name = name;
            transform = new Transform { gameObject = this };
            _components.Add(transform);
            StubEngine.Add(this);
        }

        public GameObject(string name, params Type[] components)
            : this(name)
        {
            foreach (Type type in components)
            {
                StubEngine.Attach(this, type);
            }
        }

        public Transform transform { get; }

        public bool activeSelf
        {
            get { return _active; }
        }

        public bool activeInHierarchy
        {
            get { return _active && (transform.parent == null || transform.parent.gameObject.activeInHierarchy); }
        }

        internal List<Component> StubComponents
        {
            get { return _components; }
        }

        public void SetActive(bool value)
        {
            _active = value;
            StubEngine.RefreshAll(this);
        }

        public T AddComponent<T>()
            where T : Component
        {
            return (T)StubEngine.Attach(this, typeof(T));
        }

        public T GetComponent<T>()
        {
            foreach (object component in _components)
            {
                if (component is T found)
                {
                    return found;
                }
            }

            return default;
        }

        public T GetComponentInParent<T>()
        {
            T found = GetComponent<T>();
            bool more = ReferenceEquals(found, null) && transform.parent != null;
            return more ? transform.parent.gameObject.GetComponentInParent<T>() : found;
        }
    }
}
