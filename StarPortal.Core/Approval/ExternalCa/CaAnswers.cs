using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Mail;

namespace StarPortal.Core.Approval;

/// <summary>
/// Whether a message is the CA's answer to a request, step by step: subject, signature (if demanded), words of success, certificate of a key that waits, address (if demanded), and
/// then the certificate itself against request and CA. What fails at a step is set aside and says so.
/// </summary>
public sealed class CaAnswers(ExternalAuthority external, CaAddresses addresses, CaSigners signers, IOptions<ApprovalOptions> options, TimeProvider clock)
{
    internal bool IsInUse => external.IsInUse;

    private ExternalCaMailOptions Options => options.Value.ExternalCa;

    /// <param name="db">The request that is found is tracked by it.</param>
    /// <param name="mail">As it came.</param>
    /// <param name="read">What it says.</param>
    /// <param name="ct">Cancels.</param>
    internal async Task<CaVerdict> JudgeAsync(PortalDbContext db, MimeEntity mail, CaAnswer read, CancellationToken ct)
    {
        var (answer, problem) = FindAnswer(mail, read);
        var (request, certificate) = await FindRequestAsync(db, answer, ct);
        var found = new CaVerdict(CaMailStatus.SetAside, problem, request, certificate);
        if (problem is not null) return found;
        if (certificate is null) return found with { Reason = "There is no certificate in it." };
        if (await IsKnownAsync(db, certificate, ct)) return found with { Status = CaMailStatus.Repeated, Reason = "The portal has this certificate already." };
        if (request is not { IsWithCa: true }) return found with { Reason = request is null ? "No request waits for a certificate of this key." : "The request does not wait for the CA any more." };
        if (Options.Proof is ExternalCaProof.Token && !addresses.IsAddressed(mail, request)) return found with { Reason = "It did not come to the address that the request was sent from." };
        return external.Check(request.ToIssuanceOrder(), certificate) is { Count: > 0 } problems
            ? found with { Reason = string.Join(" ", problems) }
            : found with { Status = CaMailStatus.Issued };
    }

    /// <summary>With a signature demanded, what counts is what was signed, and nothing around it.</summary>
    private (CaAnswer Answer, string? Problem) FindAnswer(MimeEntity mail, CaAnswer read)
    {
        if (!mail.Text("Subject").Trim().Equals(Options.Subject, StringComparison.OrdinalIgnoreCase)) return (read, $"Its subject is not “{Options.Subject}”.");
        if (Options.Proof is ExternalCaProof.Signature)
        {
            var (signed, problem) = SignedMail.Find(mail, signers.All, clock.GetUtcNow());
            if (signed is null) return (read, problem);
            read = CaAnswer.Read(signed);
        }

        return (read, read.Says(Options.SuccessText) ? null : $"It does not say “{Options.SuccessText}”.");
    }

    /// <summary>The certificate whose key somebody has asked for; failing that, the first that is no CA's of the configured chain.</summary>
    private async Task<(EnrollmentRequest? Request, byte[]? Certificate)> FindRequestAsync(PortalDbContext db, CaAnswer answer, CancellationToken ct)
    {
        var keys = answer.Certificates.Select(der => (Der: der, Hash: ExternalAuthority.FindKeyHash(der))).Where(found => found.Hash is not null && !external.IsOwn(found.Der)).ToList();
        var hashes = keys.Select(found => found.Hash!).ToList();
        var requests = db.EnrollmentRequests;
        var matching = hashes.Count == 0 ? [] : await requests.Where(request => hashes.Contains(request.KeyHash)).OrderByDescending(request => request.OpenKeyHash != null).ThenByDescending(request => request.SubmittedAt).Take(1).ToListAsync(ct);
        return matching is [var request] ? (request, keys.First(found => found.Hash == request.KeyHash).Der) : (null, keys.Select(found => found.Der).FirstOrDefault());
    }

    private static async Task<bool> IsKnownAsync(PortalDbContext db, byte[] certificate, CancellationToken ct)
    {
        var hash = ExternalAuthority.FindKeyHash(certificate);
        var known = await db.IssuedCertificates.AsNoTracking().Where(found => found.KeyHash == hash).Select(found => found.Der).Take(20).ToListAsync(ct);
        return known.Exists(der => der.AsSpan().SequenceEqual(certificate));
    }
}
