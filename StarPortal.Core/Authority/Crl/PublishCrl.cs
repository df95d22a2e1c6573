using StarPortal.Core.Data;

namespace StarPortal.Core.Authority;

/// <summary>The outbox item that makes a revocation public: a CRL of this issuer that lists this serial number.</summary>
internal sealed record PublishCrl(string Issuer, string SerialNumber)
{
    public const string Kind = "publish-crl";

    public static OutboxItem For(IssuedCertificate certificate, DateTimeOffset now) =>
        OutboxItem.For(Kind, certificate.SerialNumber.ToString(), new PublishCrl(certificate.Issuer, certificate.SerialNumber.ToString()), now);
}
