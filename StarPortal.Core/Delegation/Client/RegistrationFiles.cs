using System.Security.Cryptography;
using System.Text;
using StarPortal.Core.Authority;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Delegation;

/// <summary>
/// What a registration leaves on the consumer's machine: the key <c>name.key</c> (PKCS#8, mode 0600), and beside it, once it is known, where its certificate is.
/// The key is the registration: the idempotency key is made of it, so that no crash and no second run registers twice.
/// </summary>
public sealed class RegistrationFiles(string folder, string name)
{
    /// <summary>A plain EC or RSA key.</summary>
    private const int MaxKeyLength = 64 * 1024;

    public string KeyPath { get; } = Path.GetFullPath(Path.Combine(folder, $"{name}.key"));

    private string NotePath { get; } = Path.GetFullPath(Path.Combine(folder, $".{name}.registration"));

    /// <summary>The request for the key that is there, or for a new one.</summary>
    /// <exception cref="ServiceException">Invalid: the values do not fit the template, or the key that is there does not.</exception>
    /// <exception cref="IOException">The folder does not let us; as UnauthorizedAccessException.</exception>
    public TemplateRequest Open(CsrTemplate template, TemplateValues values)
    {
        if (ReadKey() is { } known) return TemplateRequest.Make(template, values, known);
        var made = TemplateRequest.Make(template, values);
        if (PrivateDirectory.TryMake(KeyPath, Encoding.ASCII.GetBytes(made.Key.ExportPkcs8PrivateKeyPem()))) return made;
        made.Dispose();
        return TemplateRequest.Make(template, values, ReadKey()!); // Another run was faster.
    }

    /// <summary>SHA-256 of the public key (SubjectPublicKeyInfo): the same whenever this key is registered.</summary>
    public static string IdempotencyKeyOf(AsymmetricAlgorithm key) => PublicKeyFacts.HashOf(key.ExportSubjectPublicKeyInfo());

    /// <summary>Where the certificate is, by an earlier run; null: it did not come so far, or for another key.</summary>
    public Uri? FindCertificateUrl(string idempotencyKey) =>
        File.Exists(NotePath) && File.ReadAllText(NotePath).Split(' ', '\n') is [var noted, var url, ..] && noted == idempotencyKey && Uri.TryCreate(url, UriKind.Absolute, out var known) && Star.StarUrl.IsAllowed(known)
            ? known : null;

    public Task KeepAsync(string idempotencyKey, Uri certificateUrl, CancellationToken ct) =>
        PrivateDirectory.WriteAsync(NotePath, Encoding.UTF8.GetBytes($"{idempotencyKey} {certificateUrl.AbsoluteUri}\n"), ct);

    private AsymmetricAlgorithm? ReadKey()
    {
        if (new FileInfo(KeyPath) is not { Exists: true } file) return null;
        var pem = file.Length <= MaxKeyLength ? File.ReadAllText(KeyPath) : "";
        return Import(RSA.Create(), pem) ?? Import(ECDsa.Create(), pem) ?? throw DelegationErrors.Field("Key", $"{KeyPath} is no RSA or EC key in PEM without a passphrase.");
    }

    private static AsymmetricAlgorithm? Import(AsymmetricAlgorithm empty, string pem)
    {
        try
        {
            empty.ImportFromPem(pem);
            return empty;
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            empty.Dispose();
            return null;
        }
    }
}
