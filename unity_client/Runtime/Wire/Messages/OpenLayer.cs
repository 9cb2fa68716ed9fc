namespace Roomtone.Wire
{
    /// <summary>Asks for one layer's samples.</summary>
    public sealed class OpenLayer : ClientRequest
    {
        /// <summary>Names the layer; 0 channels takes what it has, 1 or 2 converts.</summary>
        public OpenLayer(int id, int scene, string layer, SampleFormat format = SampleFormat.F32, int channels = 0)
            : base(id)
        {
            Scene = scene;
            Layer = layer;
            Format = format;
            Channels = channels;
        }

        /// <summary>The scene's handle.</summary>
        public int Scene { get; }

        /// <summary>One of the scene's layers.</summary>
        public string Layer { get; }

        /// <summary>How the samples travel.</summary>
        public SampleFormat Format { get; }

        /// <summary>0, 1 or 2.</summary>
        public int Channels { get; }

        internal override ClientRequest WithScene(int scene)
        {
            return new OpenLayer(Id, scene, Layer, Format, Channels);
        }

        internal override void Write(MsgpackWriter to)
        {
            to.Message("open_layer", 5);
            to.Field("id", Id);
            to.Field("scene", Scene);
            to.Field("layer", Layer);
            to.Field("format", Words.SampleFormats[(int)Format]);
            to.Field("channels", Channels);
        }
    }
}
