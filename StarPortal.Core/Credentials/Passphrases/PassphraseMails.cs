using System.Globalization;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Mail;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Credentials;

/// <summary>Mails about passphrases. None ever holds one.</summary>
public sealed class PassphraseMails(Mailer mailer, MailTemplates templates, IOptions<PortalOptions> portal, TimeProvider clock)
{
    /// <param name="where">How it was changed, after "changed".</param>
    internal void AddChanged(PortalDbContext db, PortalUser user, string where) => Add(db, user, "passphrase-changed", $"passphrase:{SecureTokens.NewId():N}", new(StringComparer.Ordinal)
    {
        ["when"] = clock.GetUtcNow().UtcDateTime.ToString("d MMMM yyyy HH:mm 'UTC'", CultureInfo.InvariantCulture),
        ["where"] = where,
        ["forgotten"] = portal.Value.Link("/password/forgotten"),
    });

    /// <param name="hint">Null: the person gave none.</param>
    /// <param name="key">Of the mail: the same key is the same mail.</param>
    internal void AddHint(PortalDbContext db, PortalUser user, string? hint, string key) => Add(db, user, "hint", key, new(StringComparer.Ordinal)
    {
        ["hint"] = hint ?? "You gave none when you chose your passphrase.",
        ["forgotten"] = portal.Value.Link("/password/forgotten"),
    });

    private void Add(PortalDbContext db, PortalUser user, string template, string key, Dictionary<string, string> values)
    {
        (values["fullName"], values["userName"], values["portal"]) = (user.FullName, user.UserName!, portal.Value.Name);
        mailer.Add(db, key, templates.Render($"credentials/{template}", user.Email!, values) with { ToName = user.FullName });
    }
}
