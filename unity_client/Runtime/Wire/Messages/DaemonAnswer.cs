namespace Roomtone.Wire
{
    /// <summary>What the daemon says under the number of a request.</summary>
    public abstract class DaemonAnswer : DaemonMessage
    {
        private readonly int _id;

        /// <summary>Names the request.</summary>
        protected DaemonAnswer(int id)
        {
            _id = id;
        }

        /// <inheritdoc/>
        public override int Id
        {
            get { return _id; }
        }
    }
}
