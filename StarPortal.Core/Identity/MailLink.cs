using StarPortal.Core.Shared;

namespace StarPortal.Core.Identity;

/// <summary>What a mailed link (or the first administrator's console link) is for. A token of one purpose is worth nothing for another.</summary>
public enum MailLinkPurpose
{
    SetUpAdministrator,
    ConfirmEmail,
    AcceptInvitation,
    ConfirmRecovery,
    RenewCertificate,
    DeclineRenewal,
    ConfirmNewAddress,
}

/// <summary>
/// A single-use link: bound to purpose, object, person and expiry; only the token's hash is kept. Opening its page changes
/// nothing, however often it is opened and by whom; the page's button uses it up.
/// </summary>
public sealed class MailLink
{
    private MailLink()
    {
    }

    public Guid Id { get; private set; } = SecureTokens.NewId();

    public string TokenHash { get; private set; } = "";

    public MailLinkPurpose Purpose { get; private set; }

    /// <summary>What the link acts on, such as a request's id.</summary>
    public Guid ObjectId { get; private set; }

    /// <summary>The person it was made for; null when the account does not exist yet.</summary>
    public Guid? UserId { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset ExpiresAt { get; private set; }

    public DateTimeOffset? UsedAt { get; private set; }

    /// <returns>The row to store and the token to send: the token cannot be had again.</returns>
    public static (MailLink Link, string Token) Create(MailLinkPurpose purpose, Guid objectId, Guid? userId, TimeSpan lifetime, DateTimeOffset now)
    {
        var token = SecureTokens.NewToken();
        var link = new MailLink
        {
            TokenHash = SecureTokens.Hash(token), Purpose = purpose, ObjectId = objectId, UserId = userId, CreatedAt = now, ExpiresAt = now + lifetime,
        };
        return (link, token);
    }

    /// <exception cref="ServiceException">Gone: used already or expired.</exception>
    public void Use(DateTimeOffset now)
    {
        RequireAlive(now);
        UsedAt = now;
    }

    /// <exception cref="ServiceException">Gone: used already or expired.</exception>
    public void RequireAlive(DateTimeOffset now)
    {
        if (UsedAt is not null) throw new ServiceException(ErrorKind.Gone, "This link has been used already. Nothing more is to be done with it.");
        RequireNotExpired(now);
    }

    /// <summary>For what a used link may still take back.</summary>
    /// <exception cref="ServiceException">Gone: expired.</exception>
    public void RequireNotExpired(DateTimeOffset now)
    {
        if (now >= ExpiresAt) throw new ServiceException(ErrorKind.Gone, "This link has expired.");
    }
}
