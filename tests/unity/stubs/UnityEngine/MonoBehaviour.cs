namespace UnityEngine
{
    // Signatures: https://docs.unity3d.com/2021.3/Documentation/ScriptReference/MonoBehaviour.html
    public class MonoBehaviour : Behaviour
    {
        // What the engine knows about it, and the script does not.
        internal bool StubAwake { get; set; }

        internal bool StubEnabled { get; set; }

        internal bool StubStarted { get; set; }
    }
}
