using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Renewal;

/// <summary>What a confirmation link for another address shows.</summary>
/// <param name="Problem">Why there is nothing to confirm; null when there is.</param>
public sealed record AddressChangeView(string UserName, string Address, string? Problem);

/// <summary>Another e-mail address becomes the person's when its owner presses the button in the mail that was sent there; the old address hears of it.</summary>
public sealed class AddressChanges(IDbContextFactory<PortalDbContext> contexts, MailLinks links, RenewalMails mails, IOptions<RenewalOptions> options, TimeProvider clock)
{
    private const int MaxADay = 5;

    /// <summary>Adds the question to the caller's unit of work. Only whoever has proven to be the holder may ask it.</summary>
    /// <exception cref="ServiceException">TooMany: strangers' mailboxes are not for trying.</exception>
    internal async Task AskAsync(PortalDbContext db, RenewalSubject subject, string address, Actor actor, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var (userId, yesterday) = (subject.User.Id, now - TimeSpan.FromDays(1));
        if (await db.AddressChanges.CountAsync(asked => asked.UserId == userId && asked.AskedAt > yesterday, ct) >= MaxADay) throw RenewalErrors.TooManyAddresses();
        var change = AddressChange.Ask(subject.User.Id, subject.Certificate.Id, address, now);
        db.AddressChanges.Add(change);
        var token = links.Add(db, MailLinkPurpose.ConfirmNewAddress, change.Id, subject.User.Id, options.Value.AddressLinkLifetime);
        mails.AddConfirmAddress(db, subject.User, change, token, now + options.Value.AddressLinkLifetime);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.AddressChangeAsked, actor, "user", subject.User.Id, now));
    }

    /// <summary>Reads only.</summary>
    /// <exception cref="ServiceException">NotFound: not a link of ours.</exception>
    public async Task<AddressChangeView> GetAsync(string token, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var hash = SecureTokens.Hash(token);
        var link = await db.MailLinks.AsNoTracking().SingleOrDefaultAsync(found => found.TokenHash == hash && found.Purpose == MailLinkPurpose.ConfirmNewAddress, ct) ?? throw LinkErrors.Unknown();
        var (change, user) = await FindAsync(db, link, ct);
        var problem = change.ConfirmedAt is not null ? "This address has been confirmed already. Nothing more is to be done here."
            : link.ExpiresAt <= clock.GetUtcNow() ? "This link has expired. Renew again, and another one comes." : null;
        return new(user.UserName!, change.Address, problem);
    }

    /// <summary>The address is the person's from now on.</summary>
    /// <returns>The token of a fresh link to the renewal that it was for: whoever has it still needs the passphrase.</returns>
    /// <exception cref="ServiceException">NotFound; Gone: used, or expired.</exception>
    public async Task<string> ConfirmAsync(string token, Actor visitor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var link = await links.UseAsync(db, token, MailLinkPurpose.ConfirmNewAddress, ct);
        var (change, user) = await FindAsync(db, link, ct);
        if (visitor.Id is not null && visitor.Id != user.Id) throw RenewalErrors.OtherPerson(visitor.Name);
        var now = clock.GetUtcNow();

        change.Confirm(now);
        mails.AddAddressChanged(db, user, change);
        (user.Email, user.NormalizedEmail, user.ConcurrencyStamp) = (change.Address, change.Address.ToUpperInvariant(), SecureTokens.NewToken());
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.AddressChanged, visitor with { Id = user.Id, Name = user.UserName! }, "user", user.Id, now));
        var again = links.Add(db, MailLinkPurpose.RenewCertificate, change.CertificateId, user.Id, options.Value.AddressLinkLifetime);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException error) when (RowConflict.IsLostRace(error))
        {
            throw LinkErrors.UsedMeanwhile();
        }

        return again;
    }

    private static async Task<(AddressChange Change, PortalUser User)> FindAsync(PortalDbContext db, MailLink link, CancellationToken ct)
    {
        var change = await db.AddressChanges.SingleOrDefaultAsync(found => found.Id == link.ObjectId, ct) ?? throw LinkErrors.Unknown();
        var user = await db.Users.SingleOrDefaultAsync(found => found.Id == change.UserId, ct) ?? throw LinkErrors.Unknown();
        return (change, user);
    }
}
