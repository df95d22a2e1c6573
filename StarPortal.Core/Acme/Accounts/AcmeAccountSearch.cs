using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Acme;

/// <summary>What a list of accounts is narrowed by; null does not narrow.</summary>
/// <param name="Text">A part of a contact, an account id or a thumbprint.</param>
/// <param name="Page">From 1 on.</param>
public sealed record AcmeAccountQuery(string? Text = null, AcmeAccountStatus? Status = null, Guid? OwnerId = null, int Page = 1);

public sealed record AcmeAccountRow(AcmeAccount Account, string? OwnerName, string? CredentialLabel);

public sealed record AcmeAccountPage(IReadOnlyList<AcmeAccountRow> Rows, int Total);

/// <summary>Lists accounts: all for administrators and auditors, their own for others.</summary>
public sealed class AcmeAccountSearch(IDbContextFactory<PortalDbContext> contexts)
{
    public const int PageSize = 50;

    /// <exception cref="ServiceException">Unauthenticated.</exception>
    public async Task<AcmeAccountPage> FindAsync(AcmeAccountQuery query, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var accounts = Narrow(Visible(db.AcmeAccounts.AsNoTracking(), actor), query);
        var total = await accounts.CountAsync(ct);
        var page = await Rows(db, accounts.OrderByDescending(account => account.CreatedAt).ThenBy(account => account.Id).Skip((Math.Max(1, query.Page) - 1) * PageSize).Take(PageSize)).ToListAsync(ct);
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
        var credentials = db.ExternalAccountKeys;
        return accounts.Select(account => new AcmeAccountRow(
            account, db.Users.Where(user => user.Id == account.OwnerId).Select(user => user.UserName).FirstOrDefault(),
            credentials.Where(key => key.Id == account.ExternalAccountKeyId).Select(key => key.Label).FirstOrDefault()));
    }

    private static IQueryable<AcmeAccount> Visible(IQueryable<AcmeAccount> accounts, Actor actor)
    {
        var person = actor.RequireSignedIn();
        return actor.IsAdministrator || actor.Is(PortalRole.Auditor) ? accounts : accounts.Where(account => account.OwnerId == person);
    }

    private static IQueryable<AcmeAccount> Narrow(IQueryable<AcmeAccount> accounts, AcmeAccountQuery query)
    {
        if (query.Status is { } status) accounts = accounts.Where(account => account.Status == status);
        if (query.OwnerId is { } owner) accounts = accounts.Where(account => account.OwnerId == owner);
        if (query.Text?.Trim() is not { Length: > 0 } text) return accounts;
        if (Guid.TryParse(text, out var id)) return accounts.Where(account => account.Id == id);
        return accounts.Where(account => account.Thumbprint == text || account.Contacts.Any(contact => contact.Contains(text)));
    }
}
