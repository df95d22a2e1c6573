using StarPortal.Core.Shared;

namespace StarPortal.Core.Authority;

/// <summary>A certificate that one of our CAs signed, those of the CAs themselves and of OCSP signers among them; or one that the CA outside signed for people of ours.</summary>
public sealed class IssuedCertificate
{
    private IssuedCertificate()
    {
    }

    public Guid Id { get; private set; } = SecureTokens.NewId();

    /// <summary>Unique over all our CAs. Of a certificate from outside: the CA's number if it fits, else one that is computed from it (<see cref="SerialNumber.ForExternal"/>).</summary>
    public SerialNumber SerialNumber { get; private set; }

    /// <summary><c>people</c>, <c>servers</c>, <c>root</c> or <c>external</c>.</summary>
    public string Issuer { get; private set; } = "";

    public string Profile { get; private set; } = "";

    /// <summary>Text form of <see cref="DistinguishedName"/>; empty when all names are in <see cref="Names"/>.</summary>
    public string Subject { get; private set; } = "";

    /// <summary><c>DNS:www.example.org</c>, <c>email:…</c>, as <see cref="SubjectAlternativeName"/> prints them.</summary>
    public List<string> Names { get; private set; } = [];

    public Guid? UserId { get; private set; }

    public Guid? OrganisationId { get; private set; }

    /// <summary>What it was issued for; unique.</summary>
    public string SourceKey { get; private set; } = "";

    /// <summary>SHA-256 of the SubjectPublicKeyInfo, lower-case hex.</summary>
    public string KeyHash { get; private set; } = "";

    public DateTimeOffset NotBefore { get; private set; }

    public DateTimeOffset NotAfter { get; private set; }

    public DateTimeOffset IssuedAt { get; private set; }

    public byte[] Der { get; private set; } = [];

    public DateTimeOffset? RevokedAt { get; private set; }

    public RevocationReason? RevocationReason { get; private set; }

    /// <summary>Subject, names and serial number in lower case: what the search looks through.</summary>
    public string SearchText { get; private set; } = "";

    /// <summary>The number as its CA wrote it, lower-case hex: what that CA knows it by.</summary>
    public string SerialNumberOfIssuer => Issuer == Issuers.External ? Convert.ToHexStringLower(CertificateReader.Read(Der).Certificate.SerialNumber.AsSpan().TrimStart((byte)0)) : SerialNumber.ToString();

    public bool IsRevoked => RevokedAt is not null;

    public bool IsValidAt(DateTimeOffset instant) => !IsRevoked && NotBefore <= instant && instant <= NotAfter;

    internal static IssuedCertificate Of(IssuanceOrder order, string issuer, CertificateContent content, byte[] der, DateTimeOffset now)
    {
        var names = order.Names.Select(name => name.ToString()).ToList();
        return new IssuedCertificate
        {
            SerialNumber = content.SerialNumber,
            Issuer = issuer,
            Profile = order.Profile,
            Subject = order.Subject.ToString(),
            Names = names,
            UserId = order.UserId,
            OrganisationId = order.OrganisationId,
            SourceKey = order.SourceKey,
            KeyHash = PublicKeyFacts.HashOf(order.PublicKeyInfo),
            NotBefore = content.NotBefore,
            NotAfter = content.NotAfter,
            IssuedAt = now,
            Der = der,
            SearchText = Shorten($"{order.Subject}\n{content.SerialNumber}\n{string.Join('\n', names)}".ToLowerInvariant()),
        };
    }

    /// <summary>A certificate of a CA that is not ours, checked already: what it says, and what it was asked for.</summary>
    internal static IssuedCertificate OfExternal(IssuanceOrder order, ReadCertificate read, byte[] der, DateTimeOffset now)
    {
        var certificate = OfOwn(der, Issuers.External, order.Profile, order.SourceKey, now);
        var names = read.Find(CertificateExtensions.SubjectAlternativeNameOid) is { } extension ? GeneralNames.Decode(extension.Value).Names.Select(name => name.ToString()).ToList() : [];
        (certificate.SerialNumber, certificate.Subject, certificate.Names) = (SerialNumber.ForExternal(read.Issuer, read.SerialNumber), order.Subject.ToString(), names);
        (certificate.UserId, certificate.OrganisationId) = (order.UserId, order.OrganisationId);
        certificate.SearchText = Shorten($"{order.Subject}\n{certificate.SerialNumber}\n{Convert.ToHexStringLower(read.SerialNumber)}\n{string.Join('\n', names)}".ToLowerInvariant());
        return certificate;
    }

    /// <summary>A certificate that the authority issued to itself: what it says is read from it.</summary>
    internal static IssuedCertificate OfOwn(byte[] der, string issuer, string profile, string sourceKey, DateTimeOffset now)
    {
        var (read, _) = CertificateReader.Read(der);
        _ = SerialNumber.TryFromInteger(read.SerialNumber, out var serial);
        return new IssuedCertificate
        {
            SerialNumber = serial,
            Issuer = issuer,
            Profile = profile,
            Subject = read.Subject.ToString(),
            SourceKey = sourceKey,
            KeyHash = PublicKeyFacts.HashOf(read.PublicKeyInfo),
            NotBefore = read.NotBefore,
            NotAfter = read.NotAfter,
            IssuedAt = now,
            Der = der,
            SearchText = $"{read.Subject}\n{serial}".ToLowerInvariant(),
        };
    }

    /// <exception cref="ServiceException">Conflict: revoked already. The first date and reason stay.</exception>
    internal void Revoke(RevocationReason reason, DateTimeOffset now)
    {
        if (IsRevoked) throw AuthorityErrors.AlreadyRevoked(SerialNumber);
        (RevokedAt, RevocationReason) = (now, reason);
    }

    private static string Shorten(string text) => text.Length > 4000 ? text[..4000] : text;
}
