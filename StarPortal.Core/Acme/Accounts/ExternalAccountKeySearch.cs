using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Acme;

/// <summary>A line of the list of credentials.</summary>
/// <param name="Accounts">Accounts that it bound and that are valid.</param>
public sealed record ExternalAccountKeyRow(ExternalAccountKey Key, string? OwnerName, int Accounts);

public sealed record ExternalAccountKeyPage(IReadOnlyList<ExternalAccountKeyRow> Rows, int Total);

/// <summary>Lists credentials for external account binding: all of them for administrators and auditors, their organisation's for officers, their own for others.</summary>
public sealed class ExternalAccountKeySearch(IDbContextFactory<PortalDbContext> contexts)
{
    public const int PageSize = 50;

    /// <param name="text">A part of the label or a key id; null: all.</param>
    /// <param name="page">From 1 on.</param>
    /// <exception cref="ServiceException">Unauthenticated.</exception>
    public async Task<ExternalAccountKeyPage> FindAsync(string? text, int page, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var keys = Narrow(Visible(db.ExternalAccountKeys.AsNoTracking(), actor), text?.Trim());
        var accounts = db.AcmeAccounts;
        var total = await keys.CountAsync(ct);
        var rows = await keys.OrderByDescending(key => key.CreatedAt).ThenBy(key => key.Id).Skip((Math.Max(1, page) - 1) * PageSize).Take(PageSize)
            .Select(key => new ExternalAccountKeyRow(
                key, db.Users.Where(user => user.Id == key.OwnerId).Select(user => user.UserName).FirstOrDefault(),
                accounts.Count(account => account.ExternalAccountKeyId == key.Id && account.Status == AcmeAccountStatus.Valid))).ToListAsync(ct);
        return new ExternalAccountKeyPage(rows, total);
    }

    private static IQueryable<ExternalAccountKey> Visible(IQueryable<ExternalAccountKey> keys, Actor actor)
    {
        var person = actor.RequireSignedIn();
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
