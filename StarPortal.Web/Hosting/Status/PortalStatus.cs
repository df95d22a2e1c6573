using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Jobs;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Registry;

namespace StarPortal.Web.Hosting.Status;

/// <summary>How the portal stands at an instant: what the status page says in words and /metrics in numbers.</summary>
/// <param name="At">When it was read.</param>
/// <param name="Outbox">All deeds that wait; null when the database does not answer, and then the rest is empty.</param>
/// <param name="Mail">Of those, mails.</param>
/// <param name="Requests">What waits for officers.</param>
/// <param name="SiteCertificateEndsAt">Our own HTTPS; null when a proxy terminates TLS.</param>
public sealed record PortalStatus(
    DateTimeOffset At, OutboxState? Outbox, OutboxState? Mail, BacklogState? Requests, IReadOnlyList<IssuerState> Issuers, IReadOnlyList<JobState> Jobs, DateTimeOffset? SiteCertificateEndsAt)
{
    /// <summary>How it stands with the outside registry.</summary>
    public OutsideState Registry { get; init; } = OutsideState.None;
    /// <summary>Second sites of the MyProxy repository; none: it has none.</summary>
    public IReadOnlyList<MirrorSide> Mirrors { get; init; } = [];
}
