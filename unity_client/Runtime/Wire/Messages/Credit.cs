namespace Roomtone.Wire
{
    /// <summary>Lets the daemon send frames before one; those before another have arrived.</summary>
    public sealed class Credit : ClientMessage
    {
        /// <summary>Says how far the daemon may go, and how far it came.</summary>
        public Credit(int scene, long untilFrame, long receivedFrame)
        {
            Scene = scene;
            UntilFrame = untilFrame;
            ReceivedFrame = receivedFrame;
        }

        /// <summary>The scene's handle.</summary>
        public int Scene { get; }

        /// <summary>The daemon may send every frame before this one.</summary>
        public long UntilFrame { get; }

        /// <summary>Every frame before this one is here.</summary>
        public long ReceivedFrame { get; }

        internal override void Write(MsgpackWriter to)
        {
            Write(to, Scene, UntilFrame, ReceivedFrame);
        }

        /// <summary>Writes one without making it: it is said a hundred times a second.</summary>
        internal static void Write(MsgpackWriter to, int scene, long untilFrame, long receivedFrame)
        {
            to.Message("credit", 3);
            to.Field("scene", scene);
            to.Field("until_frame", untilFrame);
            to.Field("received_frame", receivedFrame);
        }
    }
}
