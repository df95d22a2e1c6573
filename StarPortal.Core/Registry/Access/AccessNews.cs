using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Acme;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Registry;

/// <summary>Who hears by mail of requests to use a resource: its owners, once as long as any waits there, and whoever asked, of the answer.</summary>
public sealed class AccessNews(ITemplateMail mail, AccountContacts contacts, IOptions<PortalOptions> portal)
{
    /// <summary>
    /// Adds to the unit of work that lets the request wait. A resource without owners is the administrators'. Whoever withdraws and asks again is announced once a day.
    /// </summary>
    internal async Task AddAskedAsync(PortalDbContext db, RegistryResource resource, AccessRequest request, CancellationToken ct)
    {
        var yesterday = request.AskedAt.AddDays(-1);
        if (await db.AccessRequests.AnyAsync(other => other.ResourceId == resource.Id && other.Id != request.Id
            && (other.OpenUserId != null || (other.UserId == request.UserId && other.Status == AccessRequestStatus.Withdrawn && other.AskedAt > yesterday)), ct)) return;
        var person = await db.Users.Where(user => user.Id == request.UserId).Select(user => user.FullName).SingleAsync(ct);
        var owners = await db.ResourceOwners.Where(owner => owner.ResourceId == resource.Id).Select(owner => (Guid?)owner.UserId).ToListAsync(ct);
        List<MailRecipient> recipients = [];
        foreach (var owner in owners.DefaultIfEmpty()) recipients.AddRange(await contacts.FindAsync(db, owner, ct));
        foreach (var (recipient, i) in recipients.Distinct().Select((recipient, i) => (recipient, i)))
            mail.Add(db, $"access-request:{request.Id:N}:asked:{i}", "registry/access-asked", recipient, new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["fullName"] = recipient.Name, ["person"] = person, ["resource"] = resource.Name, ["reason"] = request.Reason, ["link"] = portal.Value.Link($"/registry/resources/{resource.Id}"),
            });
    }

    /// <summary>Adds to the unit of work that grants.</summary>
    internal Task AddGrantedAsync(PortalDbContext db, RegistryResource resource, AccessRequest request, DateTimeOffset? until, CancellationToken ct) =>
        AddAnswerAsync(db, resource, request, "granted", "until", until is { } end ? $"{end:d MMMM yyyy}" : "", ct);

    /// <summary>Adds to the unit of work that refuses.</summary>
    internal Task AddRefusedAsync(PortalDbContext db, RegistryResource resource, AccessRequest request, string answer, CancellationToken ct) =>
        AddAnswerAsync(db, resource, request, "refused", "answer", answer, ct);

    private async Task AddAnswerAsync(PortalDbContext db, RegistryResource resource, AccessRequest request, string outcome, string name, string value, CancellationToken ct)
    {
        var person = await db.Users.Where(user => user.Id == request.UserId && user.EmailConfirmed).Select(user => new { user.Email, user.FullName }).SingleOrDefaultAsync(ct);
        if (person?.Email is not { } address) return;
        mail.Add(db, $"access-request:{request.Id:N}:{outcome}", $"registry/access-{outcome}", new MailRecipient(address, person.FullName), new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["fullName"] = person.FullName, ["resource"] = resource.Name, [name] = value, ["link"] = portal.Value.Link("/registry"),
        });
    }
}
