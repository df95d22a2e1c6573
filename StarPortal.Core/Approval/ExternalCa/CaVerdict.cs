using StarPortal.Core.Enrollment;

namespace StarPortal.Core.Approval;

/// <summary>What a message turns out to be.</summary>
/// <param name="Status">Issued: its certificate may be; it has not been yet.</param>
/// <param name="Reason">Why not, for officers; null when it may.</param>
/// <param name="Request">The one that its key belongs to, if any.</param>
/// <param name="Certificate">DER.</param>
internal sealed record CaVerdict(CaMailStatus Status, string? Reason = null, EnrollmentRequest? Request = null, byte[]? Certificate = null)
{
    public static CaVerdict Aside(string reason) => new(CaMailStatus.SetAside, reason);
}
