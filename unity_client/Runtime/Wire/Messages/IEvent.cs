namespace Roomtone.Wire
{
    /// <summary>What a game may be told without asking: everything that <c>Client.Events</c> yields.</summary>
    public interface IEvent
    {
    }
}
