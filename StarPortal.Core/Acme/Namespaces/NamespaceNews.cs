using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Acme;

/// <summary>Who hears of a claim. The mails are rows of the transaction that they tell of, so that neither is without the other; a key names claim, occasion and recipient.</summary>
public sealed class NamespaceNews(ITemplateMail mail, OfficerDirectory directory, IOptions<PortalOptions> portal)
{
    /// <summary>Whoever may decide, without the claimant: officers of the organisation (failing them deputies, then administrators); administrators where there is none.</summary>
    internal async Task AddAskedAsync(PortalDbContext db, AcmeNamespace claim, Actor claimant, CancellationToken ct)
    {
        var contacts = claim.OrganisationId is { } organisation
            ? await directory.FindForAsync(organisation, claim.OwnerId, atLeast: 1, ct)
            : await directory.FindAdministratorsAsync(ct);
        foreach (var contact in contacts.Where(contact => contact.UserId != claim.OwnerId)) AddAsked(db, claim, claimant, contact);
    }

    /// <summary>The owner, unless they decided themselves or have no confirmed address.</summary>
    internal async Task AddDecidedAsync(PortalDbContext db, AcmeNamespace claim, CancellationToken ct)
    {
        if (claim.OwnerId is not { } id || id == claim.DecidedBy) return;
        if (await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == id && user.EmailConfirmed, ct) is { } owner) AddDecided(db, claim, owner);
    }

    private void AddAsked(PortalDbContext db, AcmeNamespace claim, Actor claimant, OfficerContact contact) => mail.Add(
        db, $"namespace:{claim.Id:N}:asked:{contact.UserId:N}", "acme/namespace-asked", new(contact.Email, contact.FullName), new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["fullName"] = contact.FullName,
            ["userName"] = claimant.Name,
            ["domain"] = claim.Suffix,
            ["challenges"] = claim.Challenge switch
            {
                NamespaceChallenge.Required => "each name is proven by a challenge",
                NamespaceChallenge.Waived => "no challenges",
            },
            ["reason"] = claim.Reason.Length > 0 ? claim.Reason : "nothing was said",
            ["link"] = portal.Value.Link($"/admin/acme/namespaces/{claim.Id}"),
        });

    private void AddDecided(PortalDbContext db, AcmeNamespace claim, PortalUser owner) => mail.Add(
        db, $"namespace:{claim.Id:N}:{claim.State}", "acme/namespace-decided", new(owner.Email!, owner.FullName), new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["fullName"] = owner.FullName,
            ["domain"] = claim.Suffix,
            ["outcome"] = claim.State switch
            {
                AcmeNamespaceState.Asked => "waits for a decision",
                AcmeNamespaceState.Approved => "is in force",
                AcmeNamespaceState.Refused => "was refused",
                AcmeNamespaceState.Withdrawn => "is no longer in force",
            },
            ["note"] = claim.Note.Length > 0 ? claim.Note : "none",
            ["link"] = portal.Value.Link("/acme/namespaces"),
        });
}
