using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Enrollment;

/// <summary>A request as the account page of the person who made it lists it.</summary>
public sealed record MyRequest(Guid Id, RequestStatus Status, string Organisation, string Subject, DateTimeOffset SubmittedAt, DateTimeOffset LastChangedAt);

/// <summary>The requests of the person who asks. Others' do not exist here.</summary>
public sealed class MyRequests(IDbContextFactory<PortalDbContext> contexts)
{
    private const int MaxShown = 20;

    /// <returns>The newest first, those that became certificates left out: the certificates are listed themselves.</returns>
    public async Task<IReadOnlyList<MyRequest>> ListAsync(Actor person, CancellationToken ct)
    {
        var userId = person.RequireSignedIn();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var organisations = db.Organisations;
        return await db.EnrollmentRequests.AsNoTracking().Where(request => request.UserId == userId && request.Status != RequestStatus.Issued)
            .Join(organisations, request => request.OrganisationId, organisation => organisation.Id, (request, organisation) => new { request, organisation.Name })
            .OrderByDescending(row => row.request.SubmittedAt).Take(MaxShown)
            .Select(row => new MyRequest(row.request.Id, row.request.Status, row.Name, row.request.Subject, row.request.SubmittedAt, row.request.LastChangedAt)).ToListAsync(ct);
    }
}
