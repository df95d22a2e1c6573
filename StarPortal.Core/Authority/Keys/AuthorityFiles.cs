using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Options;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Authority;

/// <summary>
/// The authority's files: <c>keys/{issuer}.key</c> (PKCS#8 in PEM, encrypted under the server key) and <c>pki/{issuer}.pem</c>. Each is
/// written in one step, complete or not at all.
/// </summary>
public sealed class AuthorityFiles(ServerKey serverKey, IOptions<PortalOptions> portal)
{
    /// <summary>The passphrase has 256 random bits: there is nothing to slow down.</summary>
    private const int Rounds = 10_000;

    internal string KeyPath(string issuer) => portal.Value.PathOf("keys", $"{issuer}.key");

    internal string CertificatePath(string issuer) => portal.Value.PathOf("pki", $"{issuer}.pem");

    internal bool HasKey(string issuer) => File.Exists(KeyPath(issuer));

    internal X509Certificate2? FindCertificate(string issuer) =>
        File.Exists(CertificatePath(issuer)) ? X509Certificate2.CreateFromPem(File.ReadAllText(CertificatePath(issuer))) : null;

    /// <exception cref="AuthorityUnusableException">The file is damaged, or encrypted under another server key.</exception>
    internal SigningKey OpenKey(string issuer)
    {
        try
        {
            var pem = File.ReadAllText(KeyPath(issuer));
            var pkcs8 = Convert.FromBase64String(pem[PemEncoding.Find(pem).Base64Data]);
            return new SigningKey(ProtectedKeys.Open(pkcs8, serverKey.PassphraseFor($"ca-key/{issuer}")));
        }
        catch (Exception error) when (error is ServiceException or ArgumentException or FormatException)
        {
            throw new AuthorityUnusableException(
                $"{KeyPath(issuer)} does not open with the server key. Restore keys/ and the server key from the same backup.", error);
        }
    }

    internal async Task WriteKeyAsync(string issuer, AsymmetricAlgorithm key, CancellationToken ct)
    {
        var pkcs8 = ProtectedKeys.Encrypt(key, serverKey.PassphraseFor($"ca-key/{issuer}"), Rounds);
        PrivateDirectory.Create(Path.GetDirectoryName(KeyPath(issuer))!);
        await PrivateDirectory.WriteAsync(KeyPath(issuer), Encoding.ASCII.GetBytes(PemEncoding.WriteString("ENCRYPTED PRIVATE KEY", pkcs8) + "\n"), ct);
    }

    internal async Task WriteCertificateAsync(string issuer, byte[] der, CancellationToken ct)
    {
        PrivateDirectory.Create(Path.GetDirectoryName(CertificatePath(issuer))!);
        await PrivateDirectory.WriteAsync(CertificatePath(issuer), Encoding.ASCII.GetBytes(PemEncoding.WriteString("CERTIFICATE", der) + "\n"), ct);
    }
}
