using System.Security.Cryptography.X509Certificates;
using System.Text;
using StarPortal.Core.Star;

namespace StarPortal.Core.Delegation;

/// <summary>A certificate that passed <see cref="CertificateCheck"/>.</summary>
/// <param name="Pem">It and its issuers, encoded anew: nothing that stood between them comes along.</param>
/// <param name="SerialNumber">Upper-case hex.</param>
/// <param name="RenewalId">Names it in RFC 9773; null: it cannot be named there.</param>
public sealed record CheckedChain(string Pem, byte[] Certificate, string SerialNumber, CertificateLife Life, string? RenewalId)
{
    internal static CheckedChain Of(X509Certificate2Collection certificates)
    {
        var pem = new StringBuilder();
        foreach (var certificate in certificates) pem.Append(certificate.ExportCertificatePem()).Append('\n');
        var leaf = certificates[0];
        return new(pem.ToString(), leaf.RawData, leaf.SerialNumber, LifeOf(leaf), UpstreamCertificateId.Find(leaf));
    }

    internal static CertificateLife LifeOf(X509Certificate2 certificate) => new(new DateTimeOffset(certificate.NotBefore.ToUniversalTime()), new DateTimeOffset(certificate.NotAfter.ToUniversalTime()));
}
