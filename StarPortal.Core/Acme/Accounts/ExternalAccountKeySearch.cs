using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Acme;

/// <summary>A line of the list of credentials.</summary>
/// <param name="Accounts">Accounts that it bound and that are valid.</param>
public sealed record ExternalAccountKeyRow(ExternalAccountKey Key, string? OwnerName, int Accounts);

/// <summary>What a list of credentials is narrowed by.</summary>
/// <param name="Text">A part of the label or a key id; null: all.</param>
/// <param name="IsOwn">Those of the reader alone, whatever else the reader may see.</param>
/// <param name="Page">From 1 on.</param>
public sealed record ExternalAccountKeyQuery(string? Text = null, bool IsOwn = false, int Page = 1);

public sealed record ExternalAccountKeyPage(IReadOnlyList<ExternalAccountKeyRow> Rows, int Total);

/// <summary>Lists credentials for external account binding: all of them for administrators and auditors, their organisation's for officers, their own for others.</summary>
public sealed class ExternalAccountKeySearch(IDbContextFactory<PortalDbContext> contexts)
{
    public const int PageSize = 50;

    /// <exception cref="ServiceException">Unauthenticated.</exception>
    public async Task<ExternalAccountKeyPage> FindAsync(ExternalAccountKeyQuery query, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var keys = Narrow(Visible(db.ExternalAccountKeys.AsNoTracking(), actor, query.IsOwn), query.Text?.Trim());
        var accounts = db.AcmeAccounts;
        var total = await keys.CountAsync(ct);
        var rows = await keys.OrderByDescending(key => key.CreatedAt).ThenBy(key => key.Id).Skip((Math.Clamp(query.Page, 1, 100_000) - 1) * PageSize).Take(PageSize)
            .Select(key => new ExternalAccountKeyRow(
                key, db.Users.Where(user => user.Id == key.OwnerId).Select(user => user.UserName).FirstOrDefault(),
                accounts.Count(account => account.ExternalAccountKeyId == key.Id && account.Status == AcmeAccountStatus.Valid))).ToListAsync(ct);
        return new ExternalAccountKeyPage(rows, total);
    }

    private static IQueryable<ExternalAccountKey> Visible(IQueryable<ExternalAccountKey> keys, Actor actor, bool isOwn)
    {
        var person = actor.RequireSignedIn();
        if (isOwn || !actor.HasSecondFactor) return keys.Where(key => key.OwnerId == person);
        if (actor.IsAdministrator || actor.Is(PortalRole.Auditor) || actor.Grants.Any(grant => grant is { Role: PortalRole.Officer, OrganisationId: null })) return keys;
        var organisations = actor.Grants.Where(grant => grant.Role is PortalRole.Officer).Select(grant => grant.OrganisationId).ToList();
        return keys.Where(key => key.OwnerId == person || (key.OrganisationId != null && organisations.Contains(key.OrganisationId)));
    }

    private static IQueryable<ExternalAccountKey> Narrow(IQueryable<ExternalAccountKey> keys, string? text)
    {
        if (string.IsNullOrEmpty(text)) return keys;
        var part = text.ToLowerInvariant();
        return keys.Where(key => key.KeyId == text || key.Label.ToLower().Contains(part));
    }
}
