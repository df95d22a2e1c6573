using StarPortal.Core.Data;

namespace StarPortal.Core.Identity;

/// <summary>What an invitation's mail says.</summary>
/// <param name="Path">Of the page, with the token, beginning with a slash.</param>
/// <param name="Role">In words: "officer of Example University".</param>
public sealed record Invitation(string To, string FullName, string UserName, string Role, string InvitedBy, string Path, DateTimeOffset ExpiresAt);

/// <summary>Puts an invitation into the outgoing mail. An interface because this room may not know the Mail room, which is composed with it in the host.</summary>
public interface IInvitationMail
{
    /// <summary>Adds the mail to the caller's unit of work.</summary>
    /// <param name="key">Unique for this invitation: the same key is the same mail.</param>
    void Add(PortalDbContext db, string key, Invitation invitation);
}
