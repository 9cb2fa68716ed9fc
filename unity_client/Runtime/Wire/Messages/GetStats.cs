namespace Roomtone.Wire
{
    /// <summary>Asks how the daemon is doing for this client.</summary>
    public sealed class GetStats : ClientRequest
    {
        /// <summary>Numbers the request.</summary>
        public GetStats(int id)
            : base(id)
        {
        }

        internal override void Write(MsgpackWriter to)
        {
            to.Message("get_stats", 1);
            to.Field("id", Id);
        }
    }
}
