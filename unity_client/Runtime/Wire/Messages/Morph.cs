namespace Roomtone.Wire
{
    /// <summary>Moves every parameter of a mood there over some seconds, whatever their rise and fall.</summary>
    public sealed class Morph : ClientRequest
    {
        /// <summary>Names the mood and the time.</summary>
        public Morph(int id, int scene, string mood, double overS, long atFrame = 0)
            : base(id)
        {
            Scene = scene;
            Mood = mood;
            OverS = overS;
            AtFrame = atFrame;
        }

        /// <summary>The scene's handle.</summary>
        public int Scene { get; }

        /// <summary>One of the scene's moods.</summary>
        public string Mood { get; }

        /// <summary>How long the way there takes.</summary>
        public double OverS { get; }

        /// <summary>When; 0 for as soon as can be.</summary>
        public long AtFrame { get; }

        internal override ClientRequest WithScene(int scene)
        {
            return new Morph(Id, scene, Mood, OverS, AtFrame);
        }

        internal override void Write(MsgpackWriter to)
        {
            to.Message("morph", 5);
            to.Field("id", Id);
            to.Field("scene", Scene);
            to.Field("mood", Mood);
            to.Field("over_s", OverS);
            to.Field("at_frame", AtFrame);
        }
    }
}
