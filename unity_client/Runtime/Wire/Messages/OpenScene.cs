using System.Collections.Generic;

namespace Roomtone.Wire
{
    /// <summary>Opens a scene: its clock starts at a frame, its parameters at values, else at their defaults.</summary>
    public sealed class OpenScene : ClientRequest
    {
        /// <summary>Asks for a scene by name.</summary>
        public OpenScene(
            int id,
            string name,
            long? seed = null,
            long firstFrame = 0,
            IReadOnlyDictionary<string, double> values = null)
            : base(id)
        {
            Name = name;
            Seed = seed;
            FirstFrame = firstFrame;
            Values = values ?? new Dictionary<string, double>();
        }

        /// <summary>One of the welcome's scenes.</summary>
        public string Name { get; }

        /// <summary>In place of the file's own.</summary>
        public long? Seed { get; }

        /// <summary>Where the clock starts: a multiple of 480.</summary>
        public long FirstFrame { get; }

        /// <summary>Parameters that start elsewhere than at their default.</summary>
        public IReadOnlyDictionary<string, double> Values { get; }

        internal override void Write(MsgpackWriter to)
        {
            to.Message("open_scene", 5);
            to.Field("id", Id);
            to.Field("name", Name);
            if (Seed.HasValue)
            {
                to.Field("seed", Seed.Value);
            }
            else
            {
                to.NilField("seed");
            }

            to.Field("first_frame", FirstFrame);
            to.Field("values", Values);
        }
    }
}
