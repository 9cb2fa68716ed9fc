namespace Roomtone.Wire
{
    /// <summary>Asks in words for a sound: a new layer of an open scene, which sounds at once and is the model's later.</summary>
    public sealed class Request : ClientRequest
    {
        /// <summary>Says what should be heard, and how.</summary>
        public Request(
            int id,
            int scene,
            string layer,
            string prompt,
            string model = "",
            int variations = 4,
            double seconds = 10.0,
            bool loop = false,
            double gainDb = 0.0,
            PlacementInfo placement = null,
            SampleFormat format = SampleFormat.F32,
            int channels = 0)
            : base(id)
        {
            Scene = scene;
            Layer = layer;
            Prompt = prompt;
            Model = model;
            Variations = variations;
            Seconds = seconds;
            Loop = loop;
            GainDb = gainDb;
            Placement = placement;
            Format = format;
            Channels = channels;
        }

        /// <summary>The scene's handle.</summary>
        public int Scene { get; }

        /// <summary>The new layer's name, as names stand in scene files.</summary>
        public string Layer { get; }

        /// <summary>What should be heard; slots <c>{parameter: one wording|another}</c> follow the scene.</summary>
        public string Prompt { get; }

        /// <summary>An installed model; empty for the daemon's default.</summary>
        public string Model { get; }

        /// <summary>How many clips are made.</summary>
        public int Variations { get; }

        /// <summary>How long each is.</summary>
        public double Seconds { get; }

        /// <summary>Whether each closes on itself.</summary>
        public bool Loop { get; }

        /// <summary>The layer's level.</summary>
        public double GainDb { get; }

        /// <summary>Where it belongs; null for a bed.</summary>
        public PlacementInfo Placement { get; }

        /// <summary>How the samples travel.</summary>
        public SampleFormat Format { get; }

        /// <summary>0, 1 or 2.</summary>
        public int Channels { get; }

        internal override ClientRequest WithScene(int scene)
        {
            return Again(Id, scene, Format, Channels);
        }

        internal Request Again(int id, int scene, SampleFormat format, int channels)
        {
            return new Request(
                id, scene, Layer, Prompt, Model, Variations, Seconds, Loop, GainDb, Placement, format, channels);
        }

        internal override void Write(MsgpackWriter to)
        {
            to.Message("request", 12);
            to.Field("id", Id);
            to.Field("scene", Scene);
            to.Field("layer", Layer);
            to.Field("prompt", Prompt);
            to.Field("model", Model);
            to.Field("variations", Variations);
            to.Field("seconds", Seconds);
            to.Field("loop", Loop);
            to.Field("gain_db", GainDb);
            if (Placement == null)
            {
                to.NilField("placement");
            }
            else
            {
                to.Text("placement");
                Placement.Write(to);
            }

            to.Field("format", Words.SampleFormats[(int)Format]);
            to.Field("channels", Channels);
        }
    }
}
