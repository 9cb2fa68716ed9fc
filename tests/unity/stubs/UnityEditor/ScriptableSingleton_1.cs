using UnityEngine;

namespace UnityEditor
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/ScriptableSingleton_1.html
    public class ScriptableSingleton<T> : ScriptableObject
        where T : ScriptableObject, new()
    {
        private static T _instance;

        public static T instance
        {
            get { return _instance ?? (_instance = new T()); }
        }

        protected virtual void Save(bool saveAsText)
        {
        }
    }
}
