using System.Security.Cryptography;
using System.Text;

namespace StarPortal.Core.MyProxy;

/// <summary>One CA with what belongs to it in a trust directory.</summary>
/// <param name="Hash">The subject hash, which the files' names start with.</param>
/// <param name="Certificate">DER.</param>
/// <param name="SigningPolicy">Text of the file that says which names it may certify.</param>
/// <param name="RevocationList">DER; null: it has none.</param>
internal sealed record TrustAnchor(string Hash, byte[] Certificate, byte[] SigningPolicy, byte[]? RevocationList)
{
    public IEnumerable<TrustRootFile> Files
    {
        get
        {
            yield return new TrustRootFile($"{Hash}.0", Pem("CERTIFICATE", Certificate));
            yield return new TrustRootFile($"{Hash}.signing_policy", SigningPolicy);
            if (RevocationList is not null) yield return new TrustRootFile($"{Hash}.r0", Pem("X509 CRL", RevocationList));
        }
    }

    private static byte[] Pem(string label, byte[] der) => Encoding.ASCII.GetBytes(PemEncoding.WriteString(label, der) + "\n");
}
