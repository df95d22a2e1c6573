using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Mail;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Approval;

/// <summary>Tells those who may look that messages were set aside: one mail a person a day, however many there are.</summary>
public sealed class CaMailNews(
    IDbContextFactory<PortalDbContext> contexts, OfficerDirectory directory, Mailer mailer, MailTemplates templates, IOptions<PortalOptions> portal, TimeProvider clock)
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
        var key = string.Create(CultureInfo.InvariantCulture, $"ca-mail:{clock.GetUtcNow().UtcDateTime:yyyy-MM-dd}:{contact.UserId:N}");
        if (await db.Outbox.AnyAsync(item => item.Kind == Mailer.Kind && item.Key == key, ct)) return;
        var message = templates.Render("approval/ca-mail", contact.Email, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["contactName"] = contact.FullName, ["link"] = portal.Value.Link("/ra/ca-mail"),
        });
        mailer.Add(db, key, message with { ToName = contact.FullName });
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
