using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace StarPortal.Core.Authority;

/// <summary>
/// Keys that sign previews: one of each kind, made when first needed and kept (an RSA 3072 key takes a third of a second to make).
/// No certificate of theirs exists anywhere.
/// </summary>
internal static class ThrowAwayKeys
{
    private static readonly ConcurrentDictionary<string, Lazy<SigningKey>> Made = new(StringComparer.Ordinal);

    /// <summary>A key of the same algorithm and size as this public key.</summary>
    public static SigningKey Like(byte[] publicKeyInfo)
    {
        var facts = PublicKeyFacts.Parse(publicKeyInfo);
        return Made.GetOrAdd(facts.Description, _ => new Lazy<SigningKey>(() => new SigningKey(Make(facts)))).Value;
    }

    private static AsymmetricAlgorithm Make(PublicKeyFacts facts)
    {
        if (facts.Kind is KeyKind.Rsa) return RSA.Create(facts.Bits);
        using var model = (ECDsa)facts.Import();
        return ECDsa.Create(model.ExportParameters(includePrivateParameters: false).Curve);
    }
}
