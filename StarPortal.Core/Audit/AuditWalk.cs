namespace StarPortal.Core.Audit;

/// <summary>Follows the chain record by record and remembers only the last one.</summary>
/// <param name="mayStartLater">An export may hold a part of the log: its first record vouches for nothing before it.</param>
internal sealed class AuditWalk(bool mayStartLater)
{
    private long last;

    private string head = AuditChain.Origin;

    private long first = 1;

    public AuditVerdict Verdict(AuditBreak? found) => new(first, last - first + 1, head, found);

    /// <returns>What is wrong with the record, or null.</returns>
    public AuditBreak? Step(AuditRecord record)
    {
        if (mayStartLater && last == 0 && record.Sequence > 1) Start(record);
        if (record.Sequence > last + 1) return Missing(last + 1, record.Sequence - 1);
        if (record.Sequence <= last) return new AuditBreak(record.Sequence, AuditBreakKind.Reordered, $"Record {record.Sequence} stands after record {last}.");
        if (record.ComputeHash() != record.Hash) return new AuditBreak(record.Sequence, AuditBreakKind.Edited, $"Record {record.Sequence} was edited: its content does not have its hash.");
        if (record.PreviousHash != head) return Unchained(record);
        (last, head) = (record.Sequence, record.Hash);
        return null;
    }

    private void Start(AuditRecord record) => (first, last, head) = (record.Sequence, record.Sequence - 1, record.PreviousHash);

    private static AuditBreak Missing(long from, long to) => new(
        from, AuditBreakKind.Removed, from == to ? $"Record {from} is missing." : $"Records {from} to {to} are missing.");

    private AuditBreak Unchained(AuditRecord record) => new(
        record.Sequence, AuditBreakKind.Unchained,
        last == 0
            ? $"Record {record.Sequence} is not the beginning: it follows a record that is not there."
            : $"Record {record.Sequence} does not follow record {last}: that one was rewritten with a new hash, or this one was put in its place.");
}
