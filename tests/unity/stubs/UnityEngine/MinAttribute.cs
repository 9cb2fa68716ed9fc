using System;

namespace UnityEngine
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/MinAttribute.html
    [AttributeUsage(AttributeTargets.Field)]
    public sealed class MinAttribute : PropertyAttribute
    {
        public MinAttribute(float min)
        {
        }
    }
}
