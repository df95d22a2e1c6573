using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Revocation;

/// <summary>The request for a new key after a loss, under the passphrase that the person has, which is proved on the way.</summary>
public sealed class LossReplacement(PassphraseCheck check, RequestKeys keys, ReplacementRequests requests, IOptions<EnrollmentOptions> options)
{
    internal static async Task<bool> IsPossibleAsync(PortalDbContext db, Guid userId, CancellationToken ct) =>
        await db.Users.AsNoTracking().SingleOrDefaultAsync(candidate => candidate.Id == userId, ct) is { } user && await ReplacementRequests.IsPossibleAsync(db, user, ct);

    /// <returns>The request's id.</returns>
    /// <exception cref="ServiceException">Unauthenticated beside Passphrase; TooMany; Conflict: there is nothing to replace.</exception>
    internal async Task<Guid?> AddAsync(PortalDbContext db, PortalUser user, string passphrase, Actor person, CancellationToken ct)
    {
        await check.RequireAsync(user.Id, passphrase, person, SignInPassphrases.PassphraseField, ct);
        var (encryptedKey, publicKeyInfo) = keys.Make(options.Value.Profile, passphrase);
        return (await requests.AddAsync(db, user, RequestKind.Replacement, new ReplacementKey(encryptedKey, publicKeyInfo, passphrase), person, ct)).Id;
    }
}
