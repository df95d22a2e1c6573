using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Approval;

/// <summary>Puts the key that the portal made where its holder finds it: for download, and into the MyProxy repository. If it takes the place of another one, that one ends.</summary>
public sealed class KeyHandover(RequestKeys keys, CredentialSwap swap, KeySuccession succession)
{
    /// <summary>In the unit of work that issues <paramref name="certificate"/>. A key that the person made is none of our business.</summary>
    internal async Task AddAsync(PortalDbContext db, EnrollmentRequest request, PortalUser user, IssuedCertificate certificate, Actor actor, CancellationToken ct)
    {
        if (keys.OpenEnvelope(request) is not { } encryptedPkcs8) return;
        if (request.Kind is not RequestKind.Certificate) await succession.AddAsync(db, request, user, certificate, actor, ct);
        await swap.AddAsync(db, user, certificate, encryptedPkcs8, actor, ct);
    }
}
