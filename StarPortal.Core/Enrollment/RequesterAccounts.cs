using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Enrollment;

/// <summary>The accounts that requests make: made when one is submitted, removed when it ends and nothing has come of it.</summary>
public sealed class RequesterAccounts(AccountRegistrar registrar, TimeProvider clock)
{
    /// <summary>
    /// Removes the account of a request that has ended without a certificate, so that the user name is free again. It stays if the person
    /// has, or had, a certificate, has another open request, or is anything but a subscriber. To be called after the verb, in its unit of work.
    /// </summary>
    /// <returns>Whether the account was removed.</returns>
    public async Task<bool> RemoveUnusedAsync(PortalDbContext db, EnrollmentRequest request, Actor actor, CancellationToken ct)
    {
        if (request.IsOpen || request.Status is RequestStatus.Issued) throw new InvalidOperationException($"Request {request.Id} is {request.Status}.");
        var userId = request.UserId;
        var user = await db.Users.SingleOrDefaultAsync(candidate => candidate.Id == userId, ct);
        if (user is null || await IsUsedAsync(db, user, request.Id, ct)) return false;

        db.Users.Remove(user); // the links stay: whoever finds one in an old mail is told what became of the request
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.UserRemoved, actor, "user", user.Id, clock.GetUtcNow(), $"{user.UserName}: request {request.Id} {request.Status}"));
        return true;
    }

    internal async Task<PortalUser> AddOrGetAsync(PortalDbContext db, EnrollmentForm form, Requester requester, Guid organisationId, Actor actor, CancellationToken ct)
    {
        if (requester.UserId is { } userId) return await db.Users.SingleOrDefaultAsync(user => user.Id == userId, ct) ?? throw AccountErrors.UserNotFound();
        return registrar.Add(db, new NewAccount
        {
            UserName = requester.UserName, FullName = requester.FullName, Email = requester.Email, Phone = requester.Phone,
            OrganisationId = organisationId, Password = form.Passphrase, Hint = RequestText.Tidy(form.Hint),
        }, actor);
    }

    private static async Task<bool> IsUsedAsync(PortalDbContext db, PortalUser user, Guid requestId, CancellationToken ct)
    {
        var userId = user.Id;
        return user.CertificateSubject is not null || user.IsDemoPersona
            || await db.IssuedCertificates.AnyAsync(certificate => certificate.UserId == userId, ct)
            || await db.EnrollmentRequests.AnyAsync(other => other.UserId == userId && other.Id != requestId && other.OpenKeyHash != null, ct)
            || await db.RoleGrants.AnyAsync(grant => grant.UserId == userId && grant.Role != PortalRole.Subscriber, ct);
    }
}
