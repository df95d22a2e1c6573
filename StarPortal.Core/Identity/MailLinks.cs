using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Identity;

/// <summary>
/// Single-use links for mails and for the console. A page that shows what a link is for calls <see cref="GetAsync"/>, which changes nothing; the
/// service that acts on the person's POST calls <see cref="UseAsync"/> in its own unit of work, so that the link is spent if, and only if, the deed is done.
/// </summary>
public sealed class MailLinks(IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
{
    /// <summary>Adds a link to the caller's unit of work.</summary>
    /// <returns>The token to put into the URL. Only its hash is kept: it cannot be had again.</returns>
    public string Add(PortalDbContext db, MailLinkPurpose purpose, Guid objectId, Guid? userId, TimeSpan lifetime)
    {
        var (link, token) = MailLink.Create(purpose, objectId, userId, lifetime, clock.GetUtcNow());
        db.MailLinks.Add(link);
        return token;
    }

    /// <summary>What the link is for, if it may still be used. Reads only.</summary>
    /// <exception cref="ServiceException">NotFound: unknown, or made for another purpose; Gone: used or expired.</exception>
    public async Task<MailLink> GetAsync(string token, MailLinkPurpose purpose, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var link = await FindAsync(db.MailLinks.AsNoTracking(), token, purpose, ct) ?? throw LinkErrors.Unknown();
        link.RequireAlive(clock.GetUtcNow());
        return link;
    }

    /// <summary>Marks the link used in the caller's unit of work. Of two who use it at once one save fails with a concurrency error.</summary>
    /// <exception cref="ServiceException">As <see cref="GetAsync"/>.</exception>
    public async Task<MailLink> UseAsync(PortalDbContext db, string token, MailLinkPurpose purpose, CancellationToken ct)
    {
        var link = await FindAsync(db.MailLinks, token, purpose, ct) ?? throw LinkErrors.Unknown();
        link.Use(clock.GetUtcNow());
        return link;
    }

    private static async Task<MailLink?> FindAsync(IQueryable<MailLink> links, string token, MailLinkPurpose purpose, CancellationToken ct)
    {
        var hash = SecureTokens.Hash(token);
        return await links.SingleOrDefaultAsync(link => link.TokenHash == hash && link.Purpose == purpose, ct);
    }
}
