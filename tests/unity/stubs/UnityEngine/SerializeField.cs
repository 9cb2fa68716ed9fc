using System;

namespace UnityEngine
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/SerializeField.html
    [AttributeUsage(AttributeTargets.Field)]
    public sealed class SerializeField : Attribute
    {
        public SerializeField()
        {
        }
    }
}
