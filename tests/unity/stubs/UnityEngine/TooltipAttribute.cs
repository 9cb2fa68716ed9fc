using System;

namespace UnityEngine
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/TooltipAttribute.html
    [AttributeUsage(AttributeTargets.Field)]
    public sealed class TooltipAttribute : PropertyAttribute
    {
        public TooltipAttribute(string tooltip)
        {
        }
    }
}
