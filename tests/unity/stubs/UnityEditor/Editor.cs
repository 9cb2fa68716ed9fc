using UnityEngine;

namespace UnityEditor
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/Editor.html
    public class Editor : ScriptableObject
    {
        public UnityEngine.Object target { get; set; }

        public bool DrawDefaultInspector()
        {
            return false;
        }

        public virtual void OnInspectorGUI()
        {
        }

        public virtual bool RequiresConstantRepaint()
        {
            return false;
        }
    }
}
