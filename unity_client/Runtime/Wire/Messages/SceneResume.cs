namespace Roomtone.Wire
{
    /// <summary>One scene of a resumed session: the daemon still holds every block from a frame on.</summary>
    public sealed class SceneResume
    {
        /// <summary>Describes a scene that is open.</summary>
        public SceneResume(int scene, string name, long nextFrame, int[] streams)
        {
            Scene = scene;
            Name = name;
            NextFrame = nextFrame;
            Streams = streams;
        }

        /// <summary>The scene's handle, as before.</summary>
        public int Scene { get; }

        /// <summary>The scene's name.</summary>
        public string Name { get; }

        /// <summary>The daemon still holds every block from here on.</summary>
        public long NextFrame { get; }

        /// <summary>The streams that are open.</summary>
        public int[] Streams { get; }

        internal static SceneResume Read(Fields fields)
        {
            int scene = fields.Id("scene", 1);
            string name = fields.Text("name", 1, Limits.MaxNameBytes);
            long nextFrame = fields.Frame("next_frame");
            int[] streams = new int[fields.Items("streams", 0, Limits.MaxStreams, out MsgpackReader items)];
            for (int i = 0; i < streams.Length; i++)
            {
                streams[i] = (int)fields.WholeItem(ref items, "streams", i, 1, Limits.MaxId);
            }

            fields.End();
            return new SceneResume(scene, name, nextFrame, streams);
        }
    }
}
