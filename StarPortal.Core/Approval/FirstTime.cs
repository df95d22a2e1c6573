using System.Globalization;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;

namespace StarPortal.Core.Approval;

/// <summary>What was known when the person was vetted the first time, and what approving a replacement would end.</summary>
/// <param name="Request">The first request that became a certificate.</param>
/// <param name="Officers">Who approved it.</param>
/// <param name="Ending">Certificates that would be revoked.</param>
internal sealed record FirstTime(EnrollmentRequest? Request, IReadOnlyList<string> Officers, IReadOnlyList<IssuedCertificate> Ending)
{
    /// <returns>Null unless the request is for a replacement.</returns>
    public static async Task<FirstTime?> FindAsync(PortalDbContext db, EnrollmentRequest request, DateTimeOffset now, CancellationToken ct)
    {
        if (request.Kind is RequestKind.Certificate) return null;
        var first = await db.EnrollmentRequests.AsNoTracking().Include(found => found.Messages)
            .Where(found => found.UserId == request.UserId && found.Status == RequestStatus.Issued).OrderBy(found => found.IssuedAt).FirstOrDefaultAsync(ct);
        var officers = first is null ? [] : await db.Decisions.AsNoTracking()
            .Where(decision => decision.RequestId == first.Id && decision.Round == first.Round && decision.Verdict == Verdict.Approve).OrderBy(decision => decision.Number)
            .Select(decision => decision.OfficerName).ToListAsync(ct);
        return new(first, officers, request.IsOpen ? await KeySuccession.FindSupersededAsync(db, request.UserId, now, ct) : []);
    }

    public IEnumerable<Evidence> Describe(EnrollmentRequest request)
    {
        if (Request is { } first)
        {
            yield return new(EvidenceWeight.For, "Vetted the first time", $"Asked on {Day(first.SubmittedAt)}; approved by {Names} on {Day(first.DecidedAt ?? first.LastChangedAt)}. Then: “{first.Purpose}”");
            yield return new(
                first.Email == request.Email ? EvidenceWeight.For : EvidenceWeight.Against, "Address then",
                $"{first.Email}, confirmed on {Day(first.ConfirmedAt ?? first.SubmittedAt)}{(first.Email == request.Email ? ", and the same now" : $"; now it is {request.Email}")}.");
            foreach (var message in first.Messages.OrderBy(message => message.At))
                yield return new(EvidenceWeight.Neutral, message.Kind is RequestMessageKind.Question ? "Asked then" : "Answered then", message.Text);
        }

        yield return request.Kind is RequestKind.Recovery
            ? new(EvidenceWeight.Neutral, "Proof now", "The link mailed to the confirmed address was used, together with the new passphrase. That the old one is forgotten proves nothing: ask, when in doubt.")
            : new(EvidenceWeight.Neutral, "Proof now", "The person was signed in and knew the passphrase when reporting the device lost.");
        if (Ending.Count > 0)
            yield return new(EvidenceWeight.Neutral, "Ends when this is issued", string.Join("; ", Ending.Select(old => $"certificate {old.SerialNumber.ToString()[..8]}, valid until {Day(old.NotAfter)}")));
    }

    private string Names => Officers.Count > 0 ? string.Join(" and ", Officers) : "an officer";

    private static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
}
