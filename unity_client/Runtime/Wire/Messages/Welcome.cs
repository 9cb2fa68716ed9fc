namespace Roomtone.Wire
{
    /// <summary>Answers <see cref="Hello"/>.</summary>
    public sealed class Welcome : DaemonAnswer
    {
        private Welcome(Fields fields)
            : base(fields.Id("id", 1))
        {
            Version = (int)fields.Whole("version", 1, 65535);
            Server = fields.Text("server", 0, Limits.MaxLabelBytes);
            Session = fields.Text("session", 0, Limits.MaxLabelBytes);
            Resumed = fields.Flag("resumed");
            RateHz = (int)fields.Whole("rate_hz", 1, 192000);
            BlockFrames = (int)fields.Whole("block_frames", 1, 48000);
            MaxAheadFrames = fields.Frame("max_ahead_frames");
            LingerS = fields.Number("linger_s", 0.0, Limits.MaxSeconds);
            Scenes = fields.Names("scenes", Limits.MaxScenes);
            ScenesOpen = ReadScenes(fields);
        }

        /// <summary>The version spoken from here on.</summary>
        public int Version { get; }

        /// <summary>The daemon's name and version.</summary>
        public string Server { get; }

        /// <summary>The secret with which to resume; never log it.</summary>
        public string Session { get; }

        /// <summary>Whether the session that was named lived on.</summary>
        public bool Resumed { get; }

        /// <summary>Frames per second.</summary>
        public int RateHz { get; }

        /// <summary>Frames per block.</summary>
        public int BlockFrames { get; }

        /// <summary>How far beyond what was received credit counts.</summary>
        public long MaxAheadFrames { get; }

        /// <summary>How long a session outlives its connection.</summary>
        public double LingerS { get; }

        /// <summary>The scenes that can be opened.</summary>
        public string[] Scenes { get; }

        /// <summary>The scenes of a resumed session.</summary>
        public SceneResume[] ScenesOpen { get; }

        internal static Welcome Read(Fields fields)
        {
            return new Welcome(fields);
        }

        private static SceneResume[] ReadScenes(Fields fields)
        {
            if (!fields.Has("scenes_open"))
            {
                return new SceneResume[0];
            }

            SceneResume[] scenes =
                new SceneResume[fields.Items("scenes_open", 0, Limits.MaxStreams, out MsgpackReader items)];
            Fields record = new Fields(fields);
            for (int i = 0; i < scenes.Length; i++)
            {
                record.OpenRecord("scenes_open", i, items);
                scenes[i] = SceneResume.Read(record);
                items.Skip();
            }

            return scenes;
        }
    }
}
