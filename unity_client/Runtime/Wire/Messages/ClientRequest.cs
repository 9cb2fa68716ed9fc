namespace Roomtone.Wire
{
    /// <summary>What a client says and the daemon answers, under the same number.</summary>
    public abstract class ClientRequest : ClientMessage
    {
        private readonly int _id;

        /// <summary>Numbers the request.</summary>
        protected ClientRequest(int id)
        {
            _id = id;
        }

        /// <inheritdoc/>
        public override int Id
        {
            get { return _id; }
        }

        /// <summary>The same for the handle that the scene has now.</summary>
        internal virtual ClientRequest WithScene(int scene)
        {
            return this;
        }
    }
}
