using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace StarPortal.Core.Authority;

/// <summary>Writes the PKCS#10 request (RFC 2986) for a key of ours that a CA outside is to certify.</summary>
internal static class SigningRequestWriter
{
    /// <param name="key">RSA (PKCS#1 v1.5) or EC; SHA-256.</param>
    /// <param name="subject">DER.</param>
    /// <param name="names">Asked for as subjectAltName.</param>
    /// <returns>DER.</returns>
    public static byte[] Write(AsymmetricAlgorithm key, byte[] subject, IReadOnlyList<SubjectAlternativeName> names)
    {
        var name = new X500DistinguishedName(subject);
        var request = key switch
        {
            RSA rsa => new CertificateRequest(name, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            ECDsa ec => new CertificateRequest(name, ec, HashAlgorithmName.SHA256),
            _ => throw new ArgumentException("The key is neither RSA nor EC.", nameof(key)),
        };
        if (names.Count > 0) request.CertificateExtensions.Add(new X509Extension(CertificateExtensions.SubjectAlternativeNameOid, GeneralNames.Encode(names), critical: false));
        return request.CreateSigningRequest();
    }
}
