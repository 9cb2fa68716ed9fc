namespace UnityEditor
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/MenuCommand.html
    public sealed class MenuCommand
    {
        public MenuCommand(UnityEngine.Object inContext)
        {
            context = inContext;
        }

        public UnityEngine.Object context;
    }
}
