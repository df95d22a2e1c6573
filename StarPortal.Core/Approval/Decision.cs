using StarPortal.Core.Enrollment;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Approval;

public enum Verdict
{
    Approve,
    Reject,
}

/// <summary>
/// One officer's vote on one request. Two unique indexes do the counting: one vote a person, and one vote a number, so that of two votes
/// cast at once both as the last one, only one is.
/// </summary>
public sealed class Decision
{
    private Decision()
    {
    }

    public Guid Id { get; private set; } = SecureTokens.NewId();

    public Guid RequestId { get; private set; }

    /// <summary>A request that could not be issued goes back to the officers, who vote anew: see <see cref="EnrollmentRequest.Round"/>.</summary>
    public int Round { get; private set; }

    /// <summary>1, 2 … in the order of the votes of a round.</summary>
    public int Number { get; private set; }

    public Guid OfficerId { get; private set; }

    /// <summary>The user name at that time: accounts come and go.</summary>
    public string OfficerName { get; private set; } = "";

    public Verdict Verdict { get; private set; }

    /// <summary>Codes of the findings that the officer has ticked.</summary>
    public List<string> Acknowledged { get; private set; } = [];

    public DateTimeOffset At { get; private set; }

    internal static Decision Of(EnrollmentRequest request, int number, Actor officer, Verdict verdict, IEnumerable<string> acknowledged, DateTimeOffset now) => new()
    {
        RequestId = request.Id,
        Round = request.Round,
        Number = number,
        OfficerId = officer.RequireSignedIn(),
        OfficerName = officer.Name,
        Verdict = verdict,
        Acknowledged = [.. acknowledged],
        At = now,
    };

    /// <summary>An officer who has approved and then sees what is wrong may still say no, as long as nothing is decided.</summary>
    internal void ChangeToReject(DateTimeOffset now)
    {
        if (Verdict is Verdict.Reject) throw new InvalidOperationException($"Decision {Id} is a rejection already.");
        (Verdict, Acknowledged, At) = (Verdict.Reject, [], now);
    }
}
