using Roomtone.Wire;

namespace Roomtone
{
    /// <summary>A reload removed a layer that was open; nothing is heard from a frame on.</summary>
    public sealed class LayerGone : IEvent
    {
        internal LayerGone(string scene, string layer, long endFrame)
        {
            Scene = scene;
            Layer = layer;
            EndFrame = endFrame;
        }

        /// <summary>The scene's name.</summary>
        public string Scene { get; }

        /// <summary>The layer's name.</summary>
        public string Layer { get; }

        /// <summary>Nothing is heard from here on.</summary>
        public long EndFrame { get; }
    }
}
