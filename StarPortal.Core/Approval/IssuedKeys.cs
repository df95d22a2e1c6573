using StarPortal.Core.Authority;
using StarPortal.Core.Credentials;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Approval;

/// <summary>Where the key of a new certificate goes that the portal made: to the person's downloads, and to the repository that the person logs on to.</summary>
public sealed class IssuedKeys(RequestKeys requestKeys, CredentialStore downloads, PortalCredentials repository)
{
    /// <summary>Adds both to the caller's unit of work; nothing when the person has the key.</summary>
    internal async Task AddAsync(PortalDbContext db, EnrollmentRequest request, PortalUser user, IssuedCertificate certificate, Actor actor, CancellationToken ct)
    {
        if (requestKeys.OpenEnvelope(request) is not { } encryptedPkcs8) return;
        downloads.Add(db, user.Id, certificate.Id, encryptedPkcs8, actor);
        await repository.AddAsync(db, user.UserName!, certificate, encryptedPkcs8, actor, ct);
    }
}
