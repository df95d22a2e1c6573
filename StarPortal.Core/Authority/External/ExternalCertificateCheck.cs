using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace StarPortal.Core.Authority;

/// <summary>Whether a certificate from outside is the one that was asked for: name, key, alternative names, time, what it may do; and whether the CA has signed it.</summary>
internal static class ExternalCertificateCheck
{
    /// <summary>RSA and ECDSA over SHA-2, and RSASSA-PSS: nobody may have made another document of the same hash.</summary>
    private static readonly string[] Signatures =
    [
        "1.2.840.113549.1.1.10", "1.2.840.113549.1.1.11", "1.2.840.113549.1.1.12", "1.2.840.113549.1.1.13", "1.2.840.10045.4.3.2", "1.2.840.10045.4.3.3", "1.2.840.10045.4.3.4",
    ];

    /// <summary>A CA's clock may be ahead of ours.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(10);

    /// <exception cref="System.Formats.Asn1.AsnContentException">An extension can't be read.</exception>
    public static IReadOnlyList<string> Find(IssuanceOrder order, ReadCertificate certificate, DateTimeOffset now)
    {
        List<string> problems = [];
        if (!certificate.PublicKeyInfo.AsSpan().SequenceEqual(order.PublicKeyInfo)) problems.Add("It certifies another key.");
        if (!certificate.Subject.Attributes.SequenceEqual(order.Subject.Attributes)) problems.Add($"Its subject is {certificate.Subject}, asked for was {order.Subject}.");
        if (FindForeignNames(order, certificate) is { Length: > 0 } names) problems.Add($"It also names {names}, which nobody asked for.");
        if (certificate.NotAfter <= now) problems.Add($"It ended on {certificate.NotAfter:yyyy-MM-dd HH:mm} UTC.");
        if (certificate.NotBefore > now + ClockSkew) problems.Add($"It begins on {certificate.NotBefore:yyyy-MM-dd HH:mm} UTC only.");
        if (!Signatures.Contains(certificate.SignatureAlgorithm, StringComparer.Ordinal)) problems.Add($"Its signature algorithm ({certificate.SignatureAlgorithm}) is not trusted.");
        if (IsAuthority(certificate)) problems.Add("It would make its holder a CA.");
        return problems;
    }

    /// <summary>RFC 5280 6 by the platform, against these CAs alone. Nothing is fetched; whether the CA has revoked it already is the CA's to know.</summary>
    public static IReadOnlyList<string> FindInChain(ReadOnlySpan<byte> certificate, IReadOnlyList<X509Certificate2> authorities, DateTimeOffset now)
    {
        using var leaf = X509CertificateLoader.LoadCertificate(certificate);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = (now + ClockSkew).UtcDateTime;
        foreach (var authority in authorities) (ExternalAuthority.IsRoot(authority) ? chain.ChainPolicy.CustomTrustStore : chain.ChainPolicy.ExtraStore).Add(authority);
        var isGood = chain.Build(leaf) && chain.ChainElements.Count > 1;
        return isGood ? [] : [$"It is not signed by the configured CA ({string.Join(", ", chain.ChainStatus.Select(status => status.Status).DefaultIfEmpty(X509ChainStatusFlags.PartialChain))})."];
    }

    private static string FindForeignNames(IssuanceOrder order, ReadCertificate certificate)
    {
        if (certificate.Find(CertificateExtensions.SubjectAlternativeNameOid) is not { } extension) return "";
        var (names, others) = GeneralNames.Decode(extension.Value);
        var foreign = names.Where(name => !order.Names.Any(asked => asked.Type == name.Type && asked.Value.Equals(name.Value, StringComparison.OrdinalIgnoreCase))).Select(name => name.ToString());
        return string.Join(", ", others > 0 ? foreign.Append("names of another kind") : foreign);
    }

    private static bool IsAuthority(ReadCertificate certificate)
    {
        if (certificate.Find(CertificateExtensions.BasicConstraintsOid) is { } constraints && new X509BasicConstraintsExtension(new AsnEncodedData(constraints.Oid, constraints.Value), constraints.Critical).CertificateAuthority) return true;
        return certificate.Find(CertificateExtensions.KeyUsageOid) is { } usage
            && (new X509KeyUsageExtension(new AsnEncodedData(usage.Oid, usage.Value), usage.Critical).KeyUsages & (X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign)) != X509KeyUsageFlags.None;
    }
}
