using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace StarPortal.Core.Star;

/// <summary>A certificate and those that certify it, from PEM (RFC 8555 section 9.1).</summary>
public sealed class CertificateChain : IDisposable
{
    private readonly X509Certificate2 leaf;

    private CertificateChain(X509Certificate2 leaf, string pem)
    {
        this.leaf = leaf;
        Pem = pem;
        Life = new CertificateLife(new DateTimeOffset(leaf.NotBefore.ToUniversalTime()), new DateTimeOffset(leaf.NotAfter.ToUniversalTime()));
    }

    /// <summary>The certificates alone, encoded anew: nothing that stood between them comes along.</summary>
    public string Pem { get; }

    /// <summary>Of the first certificate.</summary>
    public CertificateLife Life { get; }

    /// <exception cref="FetchFailedException">It is something else, or only a part of it.</exception>
    public static CertificateChain Parse(ReadOnlySpan<byte> octets)
    {
        var (text, rest) = (Encoding.Latin1.GetString(octets), 0);
        X509Certificate2? first = null;
        var pem = new StringBuilder();
        try
        {
            while (PemEncoding.TryFind(text.AsSpan(rest), out var found))
            {
                var certificate = CertificateOf(text.AsSpan(rest), found);
                pem.Append(certificate.ExportCertificatePem()).Append('\n');
                if (first is null) first = certificate;
                else certificate.Dispose();
                rest += found.Location.End.Value;
            }

            if (first is null) throw new FetchFailedException("The answer is no PEM certificate.");
            if (text.AsSpan(rest).Contains("-----BEGIN", StringComparison.Ordinal)) throw new FetchFailedException("The PEM chain is cut off.");
            return new CertificateChain(first, pem.ToString());
        }
        catch (CryptographicException error)
        {
            first?.Dispose();
            throw new FetchFailedException("The PEM holds something that is no certificate.", error);
        }
        catch
        {
            first?.Dispose();
            throw;
        }
    }

    /// <summary>Null when the private key is this certificate's, otherwise what is wrong.</summary>
    public string? ProblemWithKey(string keyPem)
    {
        try
        {
            using var pair = X509Certificate2.CreateFromPem(leaf.ExportCertificatePem(), keyPem);
            return null;
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException or PlatformNotSupportedException)
        {
            return PlainText.Of(error.Message);
        }
    }

    public void Dispose() => leaf.Dispose();

    private static X509Certificate2 CertificateOf(ReadOnlySpan<char> text, PemFields found)
    {
        if (text[..found.Location.Start].Contains("-----BEGIN", StringComparison.Ordinal)) throw new FetchFailedException("The PEM chain is damaged.");
        if (text[found.Label] is not "CERTIFICATE") throw new FetchFailedException($"The PEM holds {PlainText.Of(text[found.Label].ToString())}, where only certificates belong.");
        return X509CertificateLoader.LoadCertificate(Convert.FromBase64String(text[found.Base64Data].ToString()));
    }
}
