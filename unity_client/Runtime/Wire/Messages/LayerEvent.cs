namespace Roomtone.Wire
{
    /// <summary>
    /// Something happened in a layer. <c>placed</c>: from then on it sounds at an offset from the listener.
    /// <c>source</c>: from then on it comes from elsewhere on the ladder of stand-in, nearest and exact clips.
    /// </summary>
    public sealed class LayerEvent : DaemonMessage, IEvent
    {
        /// <summary>The event that places a scattered layer.</summary>
        public const string PlacedEvent = "placed";

        /// <summary>The event that says where a prompt's layer comes from.</summary>
        public const string SourceEvent = "source";

        private LayerEvent(Fields fields)
        {
            Stream = fields.Id("stream", 1);
            Event = fields.Text("event", 0, Limits.MaxLabelBytes);
            AtFrame = fields.Frame("at_frame");
            if (!IsKnown)
            {
                return;
            }

            OffsetM = fields.Vector("offset_m", default);
            Source = (LayerSource)fields.Choice("source", Words.LayerSources, 0);
            Bank = fields.Text("bank", 0, Limits.MaxTextBytes, "");
            Reason = fields.Text("reason", 0, Limits.MaxLabelBytes, "");
        }

        /// <summary>The stream's handle.</summary>
        public int Stream { get; }

        /// <summary>What happened.</summary>
        public string Event { get; }

        /// <summary>When.</summary>
        public long AtFrame { get; }

        /// <summary>Of <c>placed</c>: where it sounds from the listener, in the scene's axes.</summary>
        public Vector OffsetM { get; }

        /// <summary>Of <c>source</c>: where it comes from.</summary>
        public LayerSource Source { get; }

        /// <summary>Of <c>source</c>: the prompt whose clips are heard.</summary>
        public string Bank { get; } = "";

        /// <summary>Of <c>source</c>: why, in one of the protocol's words or an error's code.</summary>
        public string Reason { get; } = "";

        /// <summary>Whether this client knows the event; one that it does not know comes from a later revision.</summary>
        internal bool IsKnown
        {
            get { return Event == PlacedEvent || Event == SourceEvent; }
        }

        internal static LayerEvent Read(Fields fields)
        {
            return new LayerEvent(fields);
        }
    }
}
