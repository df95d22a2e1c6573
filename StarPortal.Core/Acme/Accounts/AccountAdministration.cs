using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Acme;

/// <summary>What the portal's people may do to accounts: revoke one, and say who answers for it.</summary>
public sealed class AccountAdministration(IDbContextFactory<PortalDbContext> contexts, AccountCache cache, TimeProvider clock)
{
    /// <summary>The account can sign nothing from now on. Its certificates stay as they are.</summary>
    /// <exception cref="ServiceException">Forbidden, NotFound, Conflict; Invalid: no reason given.</exception>
    public Task RevokeAsync(Guid id, string reason, Actor actor, CancellationToken ct)
    {
        actor.RequireAdministrator();
        if (reason.Trim() is not { Length: > 0 and <= 500 }) throw new ServiceException(ErrorKind.Invalid, "Give a reason of at most 500 characters.", "Reason");
        return ChangeAsync(id, account => account.Revoke(), AuditAction.AcmeAccountRevoked, reason.Trim(), actor, ct);
    }

    /// <exception cref="ServiceException">Forbidden, NotFound.</exception>
    public Task ChangeOwnerAsync(Guid id, Guid? ownerId, Actor actor, CancellationToken ct)
    {
        actor.RequireAdministrator();
        return ChangeAsync(id, account => account.ChangeOwner(ownerId), AuditAction.AcmeAccountChanged, $"owner {ownerId?.ToString() ?? "none"}", actor, ct);
    }

    private async Task ChangeAsync(Guid id, Action<AcmeAccount> change, AuditAction action, string detail, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var account = await db.AcmeAccounts.FindAsync([id], ct) ?? throw new ServiceException(ErrorKind.NotFound, "There is no such account.");
        change(account);
        db.AuditRecords.Add(AuditRecord.Of(action, actor, "acme-account", id, clock.GetUtcNow(), detail));
        await db.SaveChangesAsync(ct);
        cache.Forget(id);
    }
}
