using System.Security.Cryptography;

namespace StarPortal.Core.MyProxy;

/// <summary>A credential as the tools have it: the certificate, its key, the rest of the chain, in PEM.</summary>
internal static class CredentialPem
{
    public static string Write(IReadOnlyList<byte[]> chain, StoredKey key) =>
        CertificateOf(chain[0]) + StoredKeys.ToPem(key) + string.Concat(chain.Skip(1).Select(CertificateOf));

    /// <exception cref="Shared.ServiceException">Invalid: not that, or a key that is of no use here.</exception>
    public static CredentialContent Read(string text)
    {
        try
        {
            var parts = PemPart.ReadAll(text);
            if (parts.Where(part => !part.IsCertificate).ToList() is not [var key]) throw MyProxyErrors.NotValid("There have to be certificates and one key, in PEM.");
            var content = CredentialChain.Read(StoredKeys.Read(key), [.. parts.Where(part => part.IsCertificate).Select(part => part.Content)]);
            if (content.Key.Form is StoredKeyForm.Plain) RequirePair(content);
            return content;
        }
        catch (FormatException error)
        {
            throw MyProxyErrors.NotValid($"No PEM: {error.Message}");
        }
    }

    private static void RequirePair(CredentialContent content)
    {
        try
        {
            using var key = StoredKeys.Open(content.Key, content.KeyKind);
            CredentialUses.RequirePair(key, content.Chain[0]);
        }
        catch (CryptographicException)
        {
            throw MyProxyErrors.NotValid("The key does not belong to the certificate.");
        }
    }

    private static string CertificateOf(byte[] der) => PemEncoding.WriteString("CERTIFICATE", der) + "\n";
}
