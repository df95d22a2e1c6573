using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StarPortal.Core.Authority;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>Chains of certificates as they are stored: DER, one after the other.</summary>
internal static class CredentialChain
{
    public const int MaxLength = 10;

    private const string RsaOid = "1.2.840.113549.1.1.1";
    private const string EcOid = "1.2.840.10045.2.1";

    public static IReadOnlyList<byte[]> Split(ReadOnlySpan<byte> chain)
    {
        List<byte[]> certificates = [];
        while (chain.Length > 0)
        {
            AsnDecoder.ReadEncodedValue(chain, AsnEncodingRules.BER, out _, out _, out var length);
            certificates.Add(chain[..length].ToArray());
            chain = chain[length..];
        }

        return certificates;
    }

    /// <summary>What a chain says of itself; whether it can be trusted is another question.</summary>
    /// <param name="key">What goes with it.</param>
    /// <param name="chain">DER, the leaf first. A root at its end is left out: whoever trusts it has it.</param>
    /// <exception cref="ServiceException">Invalid: no chain, or of an unusable key.</exception>
    public static CredentialContent Read(StoredKey key, IReadOnlyList<byte[]> chain)
    {
        if (chain.Count is 0 or > MaxLength + 1) throw MyProxyErrors.NotValid($"A chain has 1 to {MaxLength} certificates.");
        try
        {
            List<X509Certificate2> certificates = [];
            try
            {
                foreach (var der in chain) certificates.Add(X509CertificateLoader.LoadCertificate(der));
                return Describe(key, certificates);
            }
            finally
            {
                certificates.ForEach(certificate => certificate.Dispose());
            }
        }
        catch (CryptographicException)
        {
            throw MyProxyErrors.NotValid("A certificate can't be read.");
        }
    }

    /// <exception cref="CryptographicException">The certificate can't be read.</exception>
    public static byte[] PublicKeyInfoOf(byte[] certificate)
    {
        using var read = X509CertificateLoader.LoadCertificate(certificate);
        return read.PublicKey.ExportSubjectPublicKeyInfo();
    }

    /// <returns>Null: it can't be one of ours.</returns>
    public static SerialNumber? SerialNumberOf(byte[] certificate)
    {
        using var read = X509CertificateLoader.LoadCertificate(certificate);
        return SerialNumber.TryFromInteger(read.SerialNumberBytes.Span, out var serial) ? serial : null;
    }

    private static CredentialContent Describe(StoredKey key, List<X509Certificate2> certificates)
    {
        var kind = certificates[0].PublicKey.Oid.Value switch
        {
            RsaOid => KeyKind.Rsa,
            EcOid => KeyKind.Ec,
            _ => throw MyProxyErrors.NotValid("The key is neither RSA nor EC."),
        };
        var kept = certificates.Where((certificate, index) => index == 0 || !certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData)).ToList();
        var chain = kept.Select(certificate => certificate.RawData).ToList();
        var subject = ClientIdentity.Of(chain, address: null).Subject ?? "";
        if (subject.Length is 0 or > CredentialContent.MaxSubject) throw MyProxyErrors.NotValid("The subject is empty, or too long.");
        return new CredentialContent(key, kind, chain, subject,
            kept.Max(certificate => new DateTimeOffset(certificate.NotBefore.ToUniversalTime())), kept.Min(certificate => new DateTimeOffset(certificate.NotAfter.ToUniversalTime())));
    }
}
