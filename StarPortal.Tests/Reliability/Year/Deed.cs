namespace StarPortal.Tests.Reliability.Year;

/// <summary>What somebody did, or had done to them.</summary>
internal enum What
{
    Enrolled,
    Issued,
    Renewed,
    Declined,
    DeclineUndone,
    PassphraseChanged,
    RecoveryAsked,
    RecoveryConfirmed,
    RecoveryRejected,
    Recovered,
    ReportedLost,
    ReplacementAsked,
    Replaced,
    Muted,
    RemovalBegun,
    RemovalUndone,
}

/// <param name="Certificate">That it was done to, or that came of it; null: to none.</param>
internal sealed record Deed(DateTimeOffset At, What What, Guid? Certificate = null);
