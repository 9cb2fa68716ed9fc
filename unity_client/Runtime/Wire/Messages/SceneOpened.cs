namespace Roomtone.Wire
{
    /// <summary>Answers <see cref="OpenScene"/>.</summary>
    public sealed class SceneOpened : DaemonAnswer
    {
        private SceneOpened(Fields fields)
            : base(fields.Id("id", 1))
        {
            Scene = fields.Id("scene", 1);
            Name = fields.Text("name", 1, Limits.MaxNameBytes);
            FirstFrame = fields.Frame("first_frame");
            Description = new SceneDescription(fields);
        }

        /// <summary>Names the scene in this session.</summary>
        public int Scene { get; }

        /// <summary>The scene's name.</summary>
        public string Name { get; }

        /// <summary>Where the clock stands.</summary>
        public long FirstFrame { get; }

        /// <summary>What the scene is.</summary>
        public SceneDescription Description { get; }

        internal static SceneOpened Read(Fields fields)
        {
            return new SceneOpened(fields);
        }
    }
}
