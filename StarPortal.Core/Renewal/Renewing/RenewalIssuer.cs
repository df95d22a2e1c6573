using System.Security.Cryptography.X509Certificates;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Registry;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Renewal;

/// <summary>Puts everything that a renewal is into one unit of work: certificate, stored key, MyProxy credential, registry entry, lineage, mail, audit.</summary>
public sealed class RenewalIssuer(CertificateAuthority authority, CredentialSwap swap, RegistryMembership registry, PendingRequests requests, RenewalMails mails)
{
    /// <exception cref="ServiceException">Invalid or Conflict: no certificate can be made of this key or for this name.</exception>
    internal async Task AddAsync(PortalDbContext db, RenewalSubject subject, NewKey key, Actor actor, CancellationToken ct)
    {
        var order = OrderOf(subject, key);
        RequireIssuable(await authority.CheckAsync(order, ct));
        var certificate = authority.Issue(db, order, actor);
        if (key.EncryptedPkcs8 is { } encrypted) await swap.AddAsync(db, subject.User, certificate, encrypted, actor, ct);
        subject.User.PinSubject(certificate.Subject);
        await registry.EnterAsync(db, subject.User, OneLineName.Of(order.Subject.Encoded), actor, ct);
        await requests.WithdrawAsync(db, subject, actor, ct);
        Record(db, subject, certificate, actor);
        mails.AddRenewed(db, subject, certificate, keptHere: key.EncryptedPkcs8 is not null);
    }

    private static void Record(PortalDbContext db, RenewalSubject subject, IssuedCertificate certificate, Actor actor)
    {
        var now = certificate.IssuedAt;
        var renewal = subject.Renewal ?? CertificateRenewal.Begin(subject.Certificate.Id, subject.User.Id);
        renewal.Replace(certificate.Id, now);
        if (subject.Renewal is null) db.CertificateRenewals.Add(renewal);
        subject.Link?.Use(now);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.CertificateRenewed, actor, "certificate", subject.Certificate.SerialNumber.ToString(), now, $"by {certificate.SerialNumber}"));
    }

    /// <summary>The name is that of the old certificate, byte by byte; the address is the one that is confirmed now. Once a certificate: the source key is unique.</summary>
    private static IssuanceOrder OrderOf(RenewalSubject subject, NewKey key)
    {
        using var old = X509CertificateLoader.LoadCertificate(subject.Certificate.Der);
        return new IssuanceOrder
        {
            Profile = subject.Certificate.Profile,
            Subject = DistinguishedName.Decode(old.SubjectName.RawData),
            Names = subject.Certificate.Names.Exists(IsAddress) ? [SubjectAlternativeName.Email(subject.User.Email!)] : [],
            PublicKeyInfo = key.PublicKeyInfo,
            UserId = subject.User.Id,
            OrganisationId = subject.User.OrganisationId ?? subject.Certificate.OrganisationId,
            SourceKey = $"renewal:{subject.Certificate.Id:N}",
        };
    }

    private static bool IsAddress(string name) => name.StartsWith("email:", StringComparison.Ordinal);

    /// <summary>A key that has been certified before is refused, whatever the profile thinks of it elsewhere: a renewal is there for a new one.</summary>
    private static void RequireIssuable(IReadOnlyList<Finding> findings)
    {
        if (findings.Any(finding => finding.Code == FindingCodes.KeyReused)) throw RenewalErrors.SameKey();
        if (findings.FirstOrDefault(finding => finding.Severity is FindingSeverity.Block) is not { } problem) return;
        throw problem.Field == RenewalErrors.SigningRequestField
            ? new ServiceException(ErrorKind.Invalid, problem.Message, RenewalErrors.SigningRequestField)
            : RenewalErrors.Unissuable(problem.Message);
    }
}
