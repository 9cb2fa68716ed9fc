namespace Roomtone.Wire
{
    /// <summary>How one stream is doing at the daemon.</summary>
    public sealed class StreamStats
    {
        private StreamStats(Fields fields)
        {
            Stream = fields.Id("stream", 1);
            Layer = fields.Text("layer", 1, Limits.MaxNameBytes);
            Audible = fields.Flag("audible");
            LevelDb = fields.Number("level_db", -200.0, 200.0);
            SentFrames = fields.Frame("sent_frames");
            fields.End();
        }

        /// <summary>The stream's handle.</summary>
        public int Stream { get; }

        /// <summary>The layer's name.</summary>
        public string Layer { get; }

        /// <summary>Whether it is being rendered.</summary>
        public bool Audible { get; }

        /// <summary>Of the last block; -200 for silence.</summary>
        public double LevelDb { get; }

        /// <summary>Frames sent since it was opened.</summary>
        public long SentFrames { get; }

        internal static StreamStats[] ReadAll(Fields fields)
        {
            StreamStats[] all = new StreamStats[fields.Items("streams", 0, Limits.MaxStreams, out MsgpackReader items)];
            Fields record = new Fields(fields);
            for (int i = 0; i < all.Length; i++)
            {
                record.OpenRecord("streams", i, items);
                all[i] = new StreamStats(record);
                items.Skip();
            }

            return all;
        }
    }
}
