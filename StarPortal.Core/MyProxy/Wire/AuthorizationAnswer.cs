using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>A client's answer to a challenge: a signature over the hex text, and the chain of the key that made it.</summary>
/// <param name="Signature">PKCS#1 v1.5.</param>
/// <param name="Chain">DER, leaf first.</param>
internal sealed record AuthorizationAnswer(HashAlgorithmName Hash, byte[] Signature, IReadOnlyList<byte[]> Chain)
{
    private const int MethodLength = 4;
    private const byte Sha1Method = 2;
    private const byte Sha256Method = 4;
    private const uint MaxSignatureLength = 1024;

    /// <exception cref="ServiceException">Another method, or lengths that can't be.</exception>
    public static async Task<AuthorizationAnswer> ReadAsync(MessageReader reader, CancellationToken ct)
    {
        var method = await reader.ReadBytesAsync(MethodLength, ct);
        var hash = method[0] switch
        {
            Sha1Method => HashAlgorithmName.SHA1,
            Sha256Method => HashAlgorithmName.SHA256,
            _ => throw MyProxyErrors.NoAuthorization("Only the method X509_certificate is supported."),
        };
        var length = BinaryPrimitives.ReadUInt32BigEndian(await reader.ReadBytesAsync(sizeof(uint), ct));
        if (length is 0 or > MaxSignatureLength) throw MyProxyErrors.NoAuthorization("The signature's length can't be.");
        var signature = await reader.ReadBytesAsync((int)length, ct);
        return new(hash, signature, await reader.ReadChainAsync(ct));
    }

    /// <summary>Whether the chain's leaf signed this challenge.</summary>
    public bool IsOver(string challenge)
    {
        try
        {
            using var leaf = X509CertificateLoader.LoadCertificate(Chain[0]);
            using var key = leaf.GetRSAPublicKey();
            return key is not null && key.VerifyData(Encoding.ASCII.GetBytes(challenge), Signature, Hash, RSASignaturePadding.Pkcs1);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
