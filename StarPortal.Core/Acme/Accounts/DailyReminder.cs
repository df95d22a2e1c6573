using System.Globalization;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;

namespace StarPortal.Core.Acme;

/// <summary>Tells people of trouble that lasts: once a day, one mail for all of it, whichever node looks.</summary>
public sealed class DailyReminder(IDbContextFactory<PortalDbContext> contexts, ITemplateMail mail, AccountContacts contacts, TimeProvider clock)
{
    /// <param name="ownerId">As <see cref="AccountContacts.FindAsync"/>.</param>
    /// <param name="matter">What it is about, such as <c>star-trouble</c>.</param>
    /// <param name="values">Of the template, but for <c>fullName</c>.</param>
    /// <returns>Whether anybody was told: today's mail may have gone out before.</returns>
    public async Task<bool> TellAsync(Guid? ownerId, string matter, string template, IReadOnlyDictionary<string, string> values, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var day = clock.GetUtcNow().ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        foreach (var (recipient, i) in (await contacts.FindAsync(db, ownerId, ct)).Select((recipient, i) => (recipient, i)))
        {
            var key = $"{matter}:{ownerId:N}:{day}:{i}";
            if (await db.Outbox.AnyAsync(item => item.Key == key, ct)) return false;
            mail.Add(db, key, template, recipient, new Dictionary<string, string>(values, StringComparer.Ordinal) { ["fullName"] = recipient.Name });
        }

        return await SaveAsync(db, ct);
    }

    private static async Task<bool> SaveAsync(PortalDbContext db, CancellationToken ct)
    {
        try
        {
            return await db.SaveChangesAsync(ct) > 0;
        }
        catch (DbUpdateException) when (!ct.IsCancellationRequested)
        {
            return false; // Another node told them.
        }
    }
}
