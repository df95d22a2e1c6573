using System.Security.Cryptography.X509Certificates;

namespace StarPortal.Core.Authority;

/// <summary>One of our CAs: its certificate, the extensions that point from what it signs back to it, and its key.</summary>
internal sealed class Issuer(string name, X509Certificate2 certificate, Uri pkiUrl, Func<SigningKey> openKey, bool keepsKey)
{
    /// <summary>Loaded once; the root's key is in memory only while it signs.</summary>
    private readonly SigningKey? key = keepsKey ? openKey() : null;

    public string Name => name;

    public X509Certificate2 Certificate => certificate;

    /// <summary>DER of its subject, to be copied byte by byte into what it signs.</summary>
    public byte[] Subject { get; } = certificate.SubjectName.RawData;

    public byte[] PublicKeyInfo { get; } = certificate.PublicKey.ExportSubjectPublicKeyInfo();

    public byte[] KeyIdentifier { get; } = certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single().SubjectKeyIdentifierBytes.ToArray();

    /// <summary>DER of the AlgorithmIdentifier that its signatures carry.</summary>
    public byte[] SignatureAlgorithm => key?.AlgorithmIdentifier ?? ThrowAwayKeys.Like(PublicKeyInfo).AlgorithmIdentifier;

    public DateTimeOffset NotAfter { get; } = new(certificate.NotAfter.ToUniversalTime());

    /// <summary>authorityKeyIdentifier, cRLDistributionPoints and authorityInfoAccess: the same in everything it signs, so encoded once.</summary>
    public IReadOnlyList<CertificateExtension> BackPointers { get; } = PointersTo(name, certificate, pkiUrl);

    /// <summary>As above in certificates that cannot be revoked: noRevAvail stands for the CRL and the OCSP responder (RFC 9608 2).</summary>
    public IReadOnlyList<CertificateExtension> ShortTermPointers { get; } = ShortTermPointersTo(name, certificate, pkiUrl);

    /// <summary>Lends the key.</summary>
    public T Sign<T>(Func<SigningKey, T> sign)
    {
        if (key is not null) return sign(key);
        using var opened = openKey();
        return sign(opened);
    }

    public static string CrlUrl(Uri pkiUrl, string issuer) => $"{Base(pkiUrl)}/pki/crl/{issuer}.crl";

    private static IReadOnlyList<CertificateExtension> PointersTo(string issuer, X509Certificate2 certificate, Uri pkiUrl) =>
    [
        CertificateExtensions.AuthorityKeyIdentifier(certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single().SubjectKeyIdentifierBytes.ToArray()),
        CertificateExtensions.CrlDistributionPoint(CrlUrl(pkiUrl, issuer)),
        CertificateExtensions.AuthorityInfoAccess($"{Base(pkiUrl)}/pki/ocsp", $"{Base(pkiUrl)}/pki/{issuer}.cer"),
    ];

    private static IReadOnlyList<CertificateExtension> ShortTermPointersTo(string issuer, X509Certificate2 certificate, Uri pkiUrl) =>
    [
        CertificateExtensions.AuthorityKeyIdentifier(certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single().SubjectKeyIdentifierBytes.ToArray()),
        CertificateExtensions.NoRevocation,
        CertificateExtensions.AuthorityInfoAccess(null, $"{Base(pkiUrl)}/pki/{issuer}.cer"),
    ];

    private static string Base(Uri pkiUrl) => pkiUrl.AbsoluteUri.TrimEnd('/');
}
