using System;

namespace UnityEditor
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/FilePathAttribute.html
    [AttributeUsage(AttributeTargets.Class)]
    public class FilePathAttribute : Attribute
    {
        public FilePathAttribute(string relativePath, Location location)
        {
        }

        public enum Location
        {
            PreferencesFolder,
            ProjectFolder,
        }
    }
}
