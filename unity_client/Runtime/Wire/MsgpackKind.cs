namespace Roomtone.Wire
{
    /// <summary>What stands at a place in a header.</summary>
    internal enum MsgpackKind
    {
        Nil,
        Boolean,
        Integer,
        Float,
        String,
        Array,
        Map,
        Binary,
        Never,
    }
}
