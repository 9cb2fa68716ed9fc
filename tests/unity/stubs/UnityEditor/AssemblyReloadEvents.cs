namespace UnityEditor
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/AssemblyReloadEvents.html
    public static class AssemblyReloadEvents
    {
        public delegate void AssemblyReloadCallback();

        public static event AssemblyReloadCallback beforeAssemblyReload;

        internal static void StubReload()
        {
            beforeAssemblyReload?.Invoke();
        }
    }
}
