using System;

namespace UnityEngine
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/PropertyAttribute.html
    public abstract class PropertyAttribute : Attribute
    {
    }
}
