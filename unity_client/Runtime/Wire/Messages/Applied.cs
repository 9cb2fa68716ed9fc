namespace Roomtone.Wire
{
    /// <summary>Answers <see cref="Set"/> and <see cref="Morph"/>.</summary>
    public sealed class Applied : DaemonAnswer
    {
        private Applied(int id, int scene, long atFrame)
            : base(id)
        {
            Scene = scene;
            AtFrame = atFrame;
        }

        /// <summary>The scene's handle.</summary>
        public int Scene { get; }

        /// <summary>It is heard from this frame on.</summary>
        public long AtFrame { get; }

        internal static Applied Read(Fields fields)
        {
            return new Applied(fields.Id("id", 1), fields.Id("scene", 1), fields.Frame("at_frame"));
        }
    }
}
