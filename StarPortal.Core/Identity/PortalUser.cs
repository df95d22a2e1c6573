using Microsoft.AspNetCore.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Identity;

/// <summary>
/// A person with an account. Made when a request is submitted (which reserves the user name) or by an administrator; what the person may
/// do follows from <see cref="RoleGrant"/>. Signing in needs a confirmed e-mail address.
/// </summary>
public sealed class PortalUser : IdentityUser<Guid>
{
    public PortalUser() => Id = SecureTokens.NewId();

    /// <summary>As the person writes it, in any script.</summary>
    public required string FullName { get; set; }

    public Guid? OrganisationId { get; set; }

    /// <summary>
    /// The subject of every certificate of this person, for life, in RFC 4514 order as printed by us (<c>DC=org,…,CN=…</c> from the root
    /// of the tree down); null until the first certificate is issued.
    /// </summary>
    public string? CertificateSubject { get; private set; }

    /// <summary>A sentence that reminds the person of the passphrase without containing it, sealed by <see cref="SignInPassphrases"/>; null: none.</summary>
    public byte[]? SealedHint { get; internal set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? LastSignInAt { get; set; }

    /// <summary>A demo persona: exempt from the second factor, and marked so on screen.</summary>
    public bool IsDemoPersona { get; set; }

    /// <exception cref="InvalidOperationException">The person has another subject already: it stays for life.</exception>
    public void PinSubject(string subject)
    {
        if (CertificateSubject is not null && CertificateSubject != subject)
            throw new InvalidOperationException($"User {Id} keeps the subject {CertificateSubject}.");
        CertificateSubject = subject;
    }

    /// <summary>It opens the account from the moment on in which the caller saves; every open session ends then.</summary>
    public void SetPassphrase(SealedPassphrase passphrase)
    {
        (PasswordHash, SealedHint) = (passphrase.Hash, passphrase.Hint);
        (SecurityStamp, ConcurrencyStamp) = (SecureTokens.NewToken(), SecureTokens.NewToken());
        AccessFailedCount = 0;
    }
}
