using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Acme;

/// <summary>Who hears of a claim. The mails are rows of the transaction that they tell of, so that neither is without the other.</summary>
public sealed class NamespaceNews(INamespaceMail mail, OfficerDirectory directory)
{
    /// <summary>Whoever may decide, without the claimant: officers of the organisation (failing them deputies, then administrators); administrators where there is none.</summary>
    internal async Task AddAskedAsync(PortalDbContext db, AcmeNamespace claim, Actor claimant, CancellationToken ct)
    {
        var contacts = claim.OrganisationId is { } organisation
            ? await directory.FindForAsync(organisation, claim.OwnerId, atLeast: 1, ct)
            : await directory.FindAdministratorsAsync(ct);
        foreach (var contact in contacts.Where(contact => contact.UserId != claim.OwnerId)) mail.AddAsked(db, claim, claimant.Name, contact);
    }

    /// <summary>The owner, unless they decided themselves or have no confirmed address.</summary>
    internal async Task AddDecidedAsync(PortalDbContext db, AcmeNamespace claim, CancellationToken ct)
    {
        if (claim.OwnerId is not { } id || id == claim.DecidedBy) return;
        if (await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == id && user.EmailConfirmed, ct) is { } owner) mail.AddDecided(db, claim, owner);
    }
}
