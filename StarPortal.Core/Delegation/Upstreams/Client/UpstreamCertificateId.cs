using System.Buffers.Text;
using System.Security.Cryptography.X509Certificates;

namespace StarPortal.Core.Delegation;

/// <summary>RFC 9773 4.1: <c>base64url(keyIdentifier of the authorityKeyIdentifier) . base64url(serial number as DER has it)</c>.</summary>
public static class UpstreamCertificateId
{
    /// <returns>Null: the certificate has no authority key identifier, and so no id.</returns>
    public static string? Find(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().FirstOrDefault()?.KeyIdentifier is { } issuer
            ? $"{Base64Url.EncodeToString(issuer.Span)}.{Base64Url.EncodeToString(certificate.SerialNumberBytes.Span)}"
            : null;
}
