namespace Roomtone.Wire
{
    /// <summary>Says where the listener is, so that layers out of reach need not be rendered.</summary>
    public sealed class Listener : ClientMessage
    {
        /// <summary>Places the listener in a scene.</summary>
        public Listener(int scene, Vector atM)
        {
            Scene = scene;
            AtM = atM;
        }

        /// <summary>The scene's handle.</summary>
        public int Scene { get; }

        /// <summary>Where the listener is, in the scene's axes.</summary>
        public Vector AtM { get; }

        internal override void Write(MsgpackWriter to)
        {
            to.Message("listener", 2);
            to.Field("scene", Scene);
            to.Field("at_m", AtM);
        }
    }
}
