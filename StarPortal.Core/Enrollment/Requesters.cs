using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Enrollment;

/// <summary>Finds out who asks.</summary>
public sealed class Requesters(IDbContextFactory<PortalDbContext> contexts)
{
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
