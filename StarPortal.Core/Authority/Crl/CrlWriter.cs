using System.Numerics;
using System.Security.Cryptography.X509Certificates;

namespace StarPortal.Core.Authority;

/// <summary>A revoked certificate, as a CRL lists it.</summary>
internal sealed record CrlEntry(SerialNumber SerialNumber, DateTimeOffset RevokedAt, RevocationReason Reason);

/// <summary>A CertificateList of version 2 with cRLNumber and authorityKeyIdentifier (RFC 5280 5).</summary>
internal static class CrlWriter
{
    public static PublishedCrl Sign(Issuer issuer, long number, IReadOnlyList<CrlEntry> entries, DateTimeOffset now, TimeSpan lifetime)
    {
        var thisUpdate = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds());
        var builder = new CertificateRevocationListBuilder();
        foreach (var entry in entries) builder.AddEntry(ToInteger(entry.SerialNumber), entry.RevokedAt, ToReason(entry.Reason));
        var der = issuer.Sign(key => builder.Build(
            new X500DistinguishedName(issuer.Subject), key.Generator, new BigInteger(number), thisUpdate + lifetime, key.Hash,
            X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(issuer.KeyIdentifier), thisUpdate));
        return PublishedCrl.Of(issuer.Name, number, thisUpdate, thisUpdate + lifetime, entries.Count, der);
    }

    private static byte[] ToInteger(SerialNumber serial)
    {
        var octets = serial.ToBytes().AsSpan().TrimStart((byte)0);
        return (octets[0] & 0x80) == 0 ? octets.ToArray() : [0, .. octets];
    }

    /// <summary>RFC 5280 5.3.1: the reason is left out rather than said to be unspecified.</summary>
    private static X509RevocationReason? ToReason(RevocationReason reason) => reason is RevocationReason.Unspecified ? null : (X509RevocationReason)(int)reason;
}
