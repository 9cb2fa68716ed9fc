namespace Roomtone.Wire
{
    /// <summary>Answers <see cref="OpenLayer"/> and <see cref="Request"/>.</summary>
    public sealed class LayerOpened : DaemonAnswer
    {
        private LayerOpened(Fields fields)
            : base(fields.Id("id", 1))
        {
            Scene = fields.Id("scene", 1);
            Stream = fields.Id("stream", 1);
            Layer = fields.Text("layer", 1, Limits.MaxNameBytes);
            Format = (SampleFormat)fields.Choice("format", Words.SampleFormats);
            Channels = (int)fields.Whole("channels", 1, 2);
            FirstFrame = fields.Frame("first_frame");
        }

        /// <summary>The scene's handle.</summary>
        public int Scene { get; }

        /// <summary>Names the stream in this session.</summary>
        public int Stream { get; }

        /// <summary>The layer's name.</summary>
        public string Layer { get; }

        /// <summary>How the samples travel.</summary>
        public SampleFormat Format { get; }

        /// <summary>1 or 2.</summary>
        public int Channels { get; }

        /// <summary>The stream is in every block of the scene from here on.</summary>
        public long FirstFrame { get; }

        internal static LayerOpened Read(Fields fields)
        {
            return new LayerOpened(fields);
        }
    }
}
