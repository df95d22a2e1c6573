using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Acme;

/// <summary>What a list of accounts is narrowed by; null does not narrow.</summary>
/// <param name="Text">A part of a contact, an account id or a thumbprint.</param>
/// <param name="Page">From 1 on.</param>
public sealed record AcmeAccountQuery(string? Text = null, AcmeAccountStatus? Status = null, Guid? OwnerId = null, Guid? ExternalAccountKeyId = null, int Page = 1);

/// <summary>A line of the list.</summary>
/// <param name="Orders">How many it has placed; counted no further than <see cref="AcmeAccountSearch.MostCounted"/>.</param>
public sealed record AcmeAccountRow(AcmeAccount Account, string? OwnerName, string? CredentialLabel, int Orders);

public sealed record AcmeAccountPage(IReadOnlyList<AcmeAccountRow> Rows, int Total);

/// <summary>Lists accounts: all for administrators and auditors, their own for others.</summary>
public sealed class AcmeAccountSearch(IDbContextFactory<PortalDbContext> contexts)
{
    public const int PageSize = 50;

    public const int MostCounted = 1_000;

    /// <exception cref="ServiceException">Unauthenticated.</exception>
    public async Task<AcmeAccountPage> FindAsync(AcmeAccountQuery query, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var accounts = Narrow(Visible(db.AcmeAccounts.AsNoTracking(), actor), query);
        var total = await accounts.CountAsync(ct);
        var page = await Rows(db, accounts.OrderByDescending(account => account.CreatedAt).ThenBy(account => account.Id).Skip((Math.Clamp(query.Page, 1, 100_000) - 1) * PageSize).Take(PageSize)).ToListAsync(ct);
        return new AcmeAccountPage(page, total);
    }

    /// <exception cref="ServiceException">Unauthenticated; NotFound: none, or none that this person may see.</exception>
    public async Task<AcmeAccountRow> GetAsync(Guid id, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await Rows(db, Visible(db.AcmeAccounts.AsNoTracking(), actor).Where(account => account.Id == id)).SingleOrDefaultAsync(ct)
            ?? throw new ServiceException(ErrorKind.NotFound, "There is no such account.");
    }

    private static IQueryable<AcmeAccountRow> Rows(PortalDbContext db, IQueryable<AcmeAccount> accounts)
    {
        var (credentials, orders) = (db.ExternalAccountKeys, db.AcmeOrders);
        return accounts.Select(account => new AcmeAccountRow(
            account, db.Users.Where(user => user.Id == account.OwnerId).Select(user => user.UserName).FirstOrDefault(),
            credentials.Where(key => key.Id == account.ExternalAccountKeyId).Select(key => key.Label).FirstOrDefault(),
            orders.Where(order => order.AccountId == account.Id).Take(MostCounted).Count()));
    }

    private static IQueryable<AcmeAccount> Visible(IQueryable<AcmeAccount> accounts, Actor actor)
    {
        var person = actor.RequireSignedIn();
        return (actor.IsAdministrator || actor.Is(PortalRole.Auditor)) && actor.HasSecondFactor ? accounts : accounts.Where(account => account.OwnerId == person);
    }

    private static IQueryable<AcmeAccount> Narrow(IQueryable<AcmeAccount> accounts, AcmeAccountQuery query)
    {
        if (query.Status is { } status) accounts = accounts.Where(account => account.Status == status);
        if (query.OwnerId is { } owner) accounts = accounts.Where(account => account.OwnerId == owner);
        if (query.ExternalAccountKeyId is { } credential) accounts = accounts.Where(account => account.ExternalAccountKeyId == credential);
        if (query.Text?.Trim() is not { Length: > 0 } text) return accounts;
        if (Guid.TryParse(text, out var id)) return accounts.Where(account => account.Id == id);
        return accounts.Where(account => account.Thumbprint == text || account.Contacts.Any(contact => contact.Contains(text)));
    }
}
