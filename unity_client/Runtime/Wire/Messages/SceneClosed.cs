namespace Roomtone.Wire
{
    /// <summary>Answers <see cref="CloseScene"/>, or says that the daemon ended the scene by itself.</summary>
    public sealed class SceneClosed : DaemonAnswer
    {
        private SceneClosed(int id, int scene)
            : base(id)
        {
            Scene = scene;
        }

        /// <summary>Nothing more is said about this scene and its streams.</summary>
        public int Scene { get; }

        internal static SceneClosed Read(Fields fields)
        {
            return new SceneClosed(fields.Id("id", 0), fields.Id("scene", 1));
        }
    }
}
