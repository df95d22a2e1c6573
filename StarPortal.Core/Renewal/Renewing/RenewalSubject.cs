using StarPortal.Core.Authority;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Renewal;

/// <summary>How somebody comes to a certificate's renewal: by a mailed link, or from the own account.</summary>
/// <param name="Token">Of the link; null: from the account.</param>
/// <param name="SerialNumber">Of the own certificate; null: by the link.</param>
public sealed record RenewalEntrance(string? Token, SerialNumber? SerialNumber)
{
    public static RenewalEntrance ByLink(string token) => new(token, null);

    public static RenewalEntrance FromAccount(SerialNumber serial) => new(null, serial);

    /// <exception cref="ServiceException">NotFound: no serial number.</exception>
    public static RenewalEntrance FromAccount(string serial) =>
        Authority.SerialNumber.TryParse(serial, out var number) ? FromAccount(number) : throw RenewalErrors.NotFound();
}

/// <summary>A certificate that comes to its end, whose it is, and what is known of its renewal.</summary>
/// <param name="Link">Used or not; null: from the account.</param>
/// <param name="Renewal">Null: nothing has happened yet.</param>
internal sealed record RenewalSubject(IssuedCertificate Certificate, PortalUser User, MailLink? Link, CertificateRenewal? Renewal)
{
    /// <summary>The person, as whoever acts: the link stands for the person where nobody is signed in.</summary>
    public Actor ActorFor(Actor visitor) => visitor.Id is null ? visitor with { Id = User.Id, Name = User.UserName! } : visitor;
}
