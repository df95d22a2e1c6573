using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Mail;

namespace StarPortal.Core.Approval;

/// <summary>Tells those who may look of messages that were set aside, and of a CA that does not answer: one mail a person a day, or a week, however many there are.</summary>
public sealed class CaMailNews(IDbContextFactory<PortalDbContext> contexts, OfficerDirectory directory, OfficerMails mails, TimeProvider clock)
{
    /// <param name="organisations">Whose requests the messages are about; null: nobody knows, so that it is for the administrators.</param>
    internal Task TellOfMessagesAsync(IReadOnlyCollection<Guid?> organisations, CancellationToken ct) => TellAsync(organisations, OfficerMails.CaMailKey, mails.AddCaMail, ct);

    /// <param name="organisations">Whose requests wait.</param>
    /// <returns>How many people were told now.</returns>
    internal Task<int> TellOfSilenceAsync(IReadOnlyCollection<Guid?> organisations, TimeSpan longest, CancellationToken ct) =>
        TellAsync(organisations, OfficerMails.CaSilentKey, (db, contact, now) => mails.AddCaSilent(db, contact, longest, now), ct);

    private async Task<int> TellAsync(IReadOnlyCollection<Guid?> organisations, Func<OfficerContact, DateTimeOffset, string> keyOf, Action<PortalDbContext, OfficerContact, DateTimeOffset> add, CancellationToken ct)
    {
        List<OfficerContact> contacts = [];
        if (organisations.Any(organisation => organisation is null)) contacts.AddRange(await directory.FindAdministratorsAsync(ct));
        foreach (var organisation in organisations.OfType<Guid>().Distinct()) contacts.AddRange(await directory.FindForAsync(organisation, ct));
        var told = 0;
        foreach (var contact in contacts.DistinctBy(contact => contact.UserId))
            if (await TellAsync(contact, keyOf, add, ct)) told++;
        return told;
    }

    private async Task<bool> TellAsync(OfficerContact contact, Func<OfficerContact, DateTimeOffset, string> keyOf, Action<PortalDbContext, OfficerContact, DateTimeOffset> add, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        var key = keyOf(contact, now);
        if (await db.Outbox.AnyAsync(item => item.Kind == Mailer.Kind && item.Key == key, ct)) return false;
        add(db, contact, now);
        try
        {
            await db.SaveChangesAsync(ct);
            return true;
        }
        catch (DbUpdateException lost) when (RowConflict.IsLostRace(lost))
        {
            return false; // Another node was a moment faster.
        }
    }
}
