using System.Collections.Generic;

namespace Roomtone.Wire
{
    /// <summary>Moves parameters, all at one frame: the one named if that is still ahead, else the next block.</summary>
    public sealed class Set : ClientRequest
    {
        /// <summary>Names the targets.</summary>
        public Set(int id, int scene, IReadOnlyDictionary<string, double> values, long atFrame = 0)
            : base(id)
        {
            Scene = scene;
            Values = values;
            AtFrame = atFrame;
        }

        /// <summary>The scene's handle.</summary>
        public int Scene { get; }

        /// <summary>Target values by parameter.</summary>
        public IReadOnlyDictionary<string, double> Values { get; }

        /// <summary>When; 0 for as soon as can be.</summary>
        public long AtFrame { get; }

        internal override ClientRequest WithScene(int scene)
        {
            return new Set(Id, scene, Values, AtFrame);
        }

        internal override void Write(MsgpackWriter to)
        {
            to.Message("set", 4);
            to.Field("id", Id);
            to.Field("scene", Scene);
            to.Field("values", Values);
            to.Field("at_frame", AtFrame);
        }
    }
}
