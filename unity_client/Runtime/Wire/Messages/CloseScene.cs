namespace Roomtone.Wire
{
    /// <summary>Ends a scene and every layer of it.</summary>
    public sealed class CloseScene : ClientRequest
    {
        /// <summary>Names the scene.</summary>
        public CloseScene(int id, int scene)
            : base(id)
        {
            Scene = scene;
        }

        /// <summary>The scene's handle.</summary>
        public int Scene { get; }

        internal override ClientRequest WithScene(int scene)
        {
            return new CloseScene(Id, scene);
        }

        internal override void Write(MsgpackWriter to)
        {
            to.Message("close_scene", 2);
            to.Field("id", Id);
            to.Field("scene", Scene);
        }
    }
}
