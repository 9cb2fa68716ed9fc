using Roomtone.Wire;

namespace Roomtone
{
    /// <summary>A scene can no longer be performed; what is open of it fades to silence.</summary>
    public sealed class SceneGone : IEvent
    {
        internal SceneGone(string scene)
        {
            Scene = scene;
        }

        /// <summary>The scene's name.</summary>
        public string Scene { get; }
    }
}
