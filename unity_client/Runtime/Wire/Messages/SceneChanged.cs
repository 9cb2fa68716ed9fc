namespace Roomtone.Wire
{
    /// <summary>The scene's file was edited, or a request added a layer: what is different, and the whole new description.</summary>
    public sealed class SceneChanged : DaemonMessage, IEvent
    {
        private SceneChanged(Fields fields)
        {
            Scene = fields.Id("scene", 1);
            AtFrame = fields.Frame("at_frame");
            Added = fields.Names("added");
            Changed = fields.Names("changed");
            Removed = fields.Names("removed");
            Description = new SceneDescription(fields);
        }

        /// <summary>The scene's handle.</summary>
        public int Scene { get; }

        /// <summary>The block from which the new description holds.</summary>
        public long AtFrame { get; }

        /// <summary>Layers that are new.</summary>
        public string[] Added { get; }

        /// <summary>Layers that sound or stand otherwise.</summary>
        public string[] Changed { get; }

        /// <summary>Layers that are gone.</summary>
        public string[] Removed { get; }

        /// <summary>What the scene is now.</summary>
        public SceneDescription Description { get; }

        internal static SceneChanged Read(Fields fields)
        {
            return new SceneChanged(fields);
        }
    }
}
