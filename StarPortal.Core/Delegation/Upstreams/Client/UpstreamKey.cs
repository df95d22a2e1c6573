using System.Security.Cryptography;
using StarPortal.Core.Acme;

namespace StarPortal.Core.Delegation;

/// <summary>The portal's key for an account at an upstream: P-256, signs by ES256 (RFC 7518 3.4).</summary>
public sealed class UpstreamKey : IDisposable
{
    private readonly ECDsa key;
    private readonly Lock gate = new();

    private UpstreamKey(ECDsa key)
    {
        this.key = key;
        var point = key.ExportParameters(includePrivateParameters: false);
        if (point.Curve.Oid.Value != ECCurve.NamedCurves.nistP256.Oid.Value) throw new CryptographicException("The key of an upstream account is on P-256.");
        PublicKey = AcmeJwk.OfEc("P-256", point.Q.X!, point.Q.Y!);
    }

    public AcmeJwk PublicKey { get; }

    public static UpstreamKey Make() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <param name="pkcs8">DER, as <see cref="Export"/> gave it.</param>
    /// <exception cref="CryptographicException">Not such a key.</exception>
    public static UpstreamKey Import(ReadOnlySpan<byte> pkcs8)
    {
        var imported = ECDsa.Create();
        try
        {
            imported.ImportPkcs8PrivateKey(pkcs8, out _);
            return new UpstreamKey(imported);
        }
        catch
        {
            imported.Dispose();
            throw;
        }
    }

    /// <returns>PKCS#8, DER: to be kept sealed.</returns>
    public byte[] Export() => key.ExportPkcs8PrivateKey();

    /// <summary>RFC 8555 8.1.</summary>
    public string AuthorizationOf(string token) => $"{token}.{PublicKey.Thumbprint}";

    public void Dispose() => key.Dispose();

    internal byte[] Sign(ReadOnlySpan<byte> content)
    {
        lock (gate) return key.SignData(content, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }
}
