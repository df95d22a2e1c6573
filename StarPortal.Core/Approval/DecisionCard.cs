using StarPortal.Core.Authority;
using StarPortal.Core.Enrollment;

namespace StarPortal.Core.Approval;

/// <summary>Everything that an officer needs for one decision, on one page.</summary>
public sealed record DecisionCard
{
    /// <summary>The request itself, read only.</summary>
    public required EnrollmentRequest Request { get; init; }

    public required string Organisation { get; init; }

    public required IReadOnlyList<Evidence> Evidence { get; init; }

    /// <summary>Type and value of each attribute of the subject, from the root of the tree down.</summary>
    public required IReadOnlyList<NamePart> SubjectAttributes { get; init; }

    /// <summary>Every subject alternative name: <c>email:ada@example.org</c>.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    public required PublicKeyFacts Key { get; init; }

    /// <summary>As things stand now, the blocking ones first.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    public required CardPolicy Policy { get; init; }

    /// <summary>Why this officer may not decide it; null: may.</summary>
    public required string? Obstacle { get; init; }

    public required IReadOnlyList<CardMessage> Thread { get; init; }

    /// <summary>Other requests of this person (by account or address), the newest first.</summary>
    public required IReadOnlyList<PastRequest> Requests { get; init; }

    /// <summary>Certificates of this person, the newest first.</summary>
    public required IReadOnlyList<PastCertificate> Certificates { get; init; }

    /// <summary>Against the person's previous certificate of the same profile; null when there is none.</summary>
    public required CardDifference? Difference { get; init; }

    /// <summary>The whole certificate, as it would be or as it is.</summary>
    public required string CertificateText { get; init; }

    public bool IsBlocked => Findings.Any(finding => finding.Severity is FindingSeverity.Block);

    /// <summary>Those to be ticked.</summary>
    public IEnumerable<Finding> ToAcknowledge => Findings.Where(finding => finding.Severity is FindingSeverity.Acknowledge);
}

/// <param name="OfficersNeeded">How many different officers have to approve.</param>
/// <param name="Votes">Those of this round.</param>
/// <param name="ClaimedBy">User name of who takes care of it; null when nobody does, or not any more.</param>
/// <param name="ClaimedByMe">Whether that is the reader.</param>
/// <param name="DecidedBy">User name of who decided; null while undecided.</param>
public sealed record CardPolicy(int OfficersNeeded, IReadOnlyList<CardVote> Votes, string? ClaimedBy, bool ClaimedByMe, string? DecidedBy)
{
    public int Approvals => Votes.Count(vote => vote.Verdict is Verdict.Approve);
}

public sealed record CardVote(string OfficerName, Verdict Verdict, DateTimeOffset At);

public sealed record CardMessage(RequestMessageKind Kind, string Author, string Text, DateTimeOffset At);

public sealed record PastRequest(Guid Id, RequestStatus Status, string Profile, DateTimeOffset SubmittedAt, DateTimeOffset? DecidedAt, RejectionCode? RejectionCode, string? RejectionText);

public sealed record PastCertificate(
    SerialNumber SerialNumber, string Subject, string Profile, DateTimeOffset NotBefore, DateTimeOffset NotAfter, DateTimeOffset? RevokedAt, RevocationReason? RevocationReason);

public sealed record CardDifference(SerialNumber PreviousSerialNumber, IReadOnlyList<FieldDifference> Fields);
