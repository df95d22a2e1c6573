using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Enrollment;

/// <summary>What the account of somebody who is signed in says already: the form need not ask for it.</summary>
/// <param name="Organisation">Null when the account belongs to none yet.</param>
/// <param name="Subject">The subject that the person has for life; null before the first certificate.</param>
public sealed record KnownRequester(string UserName, string FullName, string Email, string? Phone, string? Organisation, string? Subject);

/// <summary>Finds out who asks.</summary>
public sealed class Requesters(IDbContextFactory<PortalDbContext> contexts)
{
    /// <returns>Null for a visitor.</returns>
    public async Task<KnownRequester?> FindKnownAsync(Actor actor, CancellationToken ct)
    {
        if (actor.Id is not { } userId) return null;
        await using var db = await contexts.CreateDbContextAsync(ct);
        var organisations = db.Organisations;
        return await db.Users.AsNoTracking().Where(user => user.Id == userId)
            .Select(user => new KnownRequester(user.UserName!, user.FullName, user.Email!, user.PhoneNumber,
                organisations.Where(organisation => organisation.Id == user.OrganisationId).Select(organisation => organisation.Name).FirstOrDefault(), user.CertificateSubject))
            .SingleOrDefaultAsync(ct);
    }

    internal async Task<Requester> ResolveAsync(EnrollmentForm form, Actor actor, CancellationToken ct)
    {
        if (actor.Id is not { } userId) return Requester.From(form);

        await using var db = await contexts.CreateDbContextAsync(ct);
        var user = await db.Users.AsNoTracking().SingleOrDefaultAsync(candidate => candidate.Id == userId, ct) ?? throw AccountErrors.UserNotFound();
        var open = await db.EnrollmentRequests.AsNoTracking().Where(request => request.UserId == userId && request.OpenKeyHash != null)
            .Select(request => request.SubjectEncoded).ToListAsync(ct);
        var requester = Requester.From(user, form);
        return requester with { OpenRequests = open.Count, Subject = requester.Subject ?? (open.Count > 0 ? DistinguishedName.Decode(open[0]) : null) };
    }

    /// <summary>Which of the candidates no other person has, in an account or in an open request; the last when all are taken.</summary>
    internal async Task<(DistinguishedName Subject, bool IsFree)> ChooseAsync(IEnumerable<DistinguishedName> candidates, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        DistinguishedName? last = null;
        foreach (var candidate in candidates)
        {
            var subject = (last = candidate).ToString();
            if (!await db.Users.AnyAsync(user => user.CertificateSubject == subject, ct)
                && !await db.EnrollmentRequests.AnyAsync(request => request.ReservedSubject == subject, ct))
            {
                return (candidate, true);
            }
        }

        return (last ?? throw new ArgumentException("There are no candidates.", nameof(candidates)), false);
    }

    internal async Task<bool> IsKeyPendingAsync(string keyHash, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.EnrollmentRequests.AnyAsync(request => request.OpenKeyHash == keyHash, ct);
    }
}
