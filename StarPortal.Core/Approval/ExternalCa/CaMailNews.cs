using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Mail;

namespace StarPortal.Core.Approval;

/// <summary>Tells those who may look that messages were set aside: one mail a person a day, however many there are.</summary>
public sealed class CaMailNews(IDbContextFactory<PortalDbContext> contexts, OfficerDirectory directory, OfficerMails mails, TimeProvider clock)
{
    /// <param name="organisations">Whose requests the messages are about; null: nobody knows, so that it is for the administrators.</param>
    /// <param name="ct">Cancels.</param>
    internal async Task TellAsync(IReadOnlyCollection<Guid?> organisations, CancellationToken ct)
    {
        List<OfficerContact> contacts = [];
        if (organisations.Any(organisation => organisation is null)) contacts.AddRange(await directory.FindAdministratorsAsync(ct));
        foreach (var organisation in organisations.OfType<Guid>().Distinct()) contacts.AddRange(await directory.FindForAsync(organisation, ct));
        foreach (var contact in contacts.DistinctBy(contact => contact.UserId)) await TellAsync(contact, ct);
    }

    private async Task TellAsync(OfficerContact contact, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var (now, key) = (clock.GetUtcNow(), OfficerMails.CaMailKey(contact, clock.GetUtcNow()));
        if (await db.Outbox.AnyAsync(item => item.Kind == Mailer.Kind && item.Key == key, ct)) return;
        mails.AddCaMail(db, contact, now);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException lost) when (RowConflict.IsLostRace(lost))
        {
            // Another node was a moment faster.
        }
    }
}
