namespace Roomtone.Wire
{
    /// <summary>What a scene is: what an engine needs to place and steer it.</summary>
    public sealed class SceneDescription
    {
        internal SceneDescription(Fields fields)
        {
            Parameters = ParameterInfo.ReadAll(fields);
            Moods = fields.Names("moods");
            Layers = LayerInfo.ReadAll(fields);
            Neighbours = fields.Names("neighbours");
        }

        /// <summary>Its parameters.</summary>
        public ParameterInfo[] Parameters { get; }

        /// <summary>What <see cref="Morph"/> knows.</summary>
        public string[] Moods { get; }

        /// <summary>What <see cref="OpenLayer"/> knows.</summary>
        public LayerInfo[] Layers { get; }

        /// <summary>Scenes that a client does well to prepare.</summary>
        public string[] Neighbours { get; }
    }
}
