namespace StarPortal.Core.Audit;

public enum AuditBreakKind
{
    /// <summary>A record's content, or the hash it names, is not what was written.</summary>
    Edited,

    /// <summary>Numbers are missing.</summary>
    Removed,

    /// <summary>A record as it was written, in another's place.</summary>
    Reordered,

    /// <summary>A record that does not follow the one before it: the one before was rewritten with a new hash, or this one was put in.</summary>
    Unchained,
}

/// <param name="Sequence">The first record that is not as it was written; for Removed, the first missing number.</param>
/// <param name="Reason">One sentence for an auditor.</param>
public sealed record AuditBreak(long Sequence, AuditBreakKind Kind, string Reason);

/// <param name="First">The number of the first record: 1 for the whole log, higher for an export of a part.</param>
/// <param name="Count">How many records were found to be sound, from the first on.</param>
/// <param name="HeadHash">The hash of the last sound record: note it down, elsewhere, to see a log that was cut off later.</param>
/// <param name="Break">Null when all are sound.</param>
public sealed record AuditVerdict(long First, long Count, string HeadHash, AuditBreak? Break);
