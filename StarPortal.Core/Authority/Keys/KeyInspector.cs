using System.Numerics;
using System.Security.Cryptography;
using Microsoft.Extensions.Caching.Memory;

namespace StarPortal.Core.Authority;

/// <summary>Judges public keys by a profile's <see cref="KeyPolicy"/>, and by what makes any key worthless.</summary>
public sealed class KeyInspector(WeakKeyList weakKeys) : IDisposable
{
    private const string Field = "SigningRequest";

    /// <summary>Factoring attempts take milliseconds and their outcome never changes: the same key comes back at each keystroke and each renewal.</summary>
    private readonly MemoryCache judged = new(new MemoryCacheOptions { SizeLimit = 20_000 });

    public IReadOnlyList<Finding> Inspect(PublicKeyFacts key, IssuanceProfile profile)
    {
        List<Finding> findings = [.. FindInPolicy(key, profile)];
        // Arithmetic on a modulus outside the policy's sizes is not worth its time.
        if (findings.Count > 0) return findings;
        if (FindWeakness(key) is { } weakness) findings.Add(profile.Find(weakness.Code, weakness.Message, Field));
        return findings;
    }

    public void Dispose() => judged.Dispose();

    private static IEnumerable<Finding> FindInPolicy(PublicKeyFacts key, IssuanceProfile profile) => key.Kind switch
    {
        KeyKind.Rsa => FindInRsa(key, profile),
        KeyKind.Ec => FindInCurve(key, profile),
    };

    private static IEnumerable<Finding> FindInRsa(PublicKeyFacts key, IssuanceProfile profile)
    {
        var policy = profile.KeyPolicy;
        if (key.Bits < policy.MinRsaBits)
            yield return profile.Find(FindingCodes.KeyRsaTooSmall, $"This RSA key has {key.Bits} bits; at least {policy.MinRsaBits} are needed. Make a new key.", Field);
        if (key.Bits > policy.MaxRsaBits)
            yield return profile.Find(FindingCodes.KeyRsaTooLarge, $"This RSA key has {key.Bits} bits; at most {policy.MaxRsaBits} are certified, since more makes every use slow.", Field);
        if (key.Bits % 8 != 0)
            yield return profile.Find(FindingCodes.KeyRsaOddSize, $"This RSA key has {key.Bits} bits, which is not a multiple of eight. Is it what you meant to make?", Field);

        // FIPS 186-5 5.4: odd, from 2^16 to 2^256.
        var exponent = RsaWeaknesses.ToNumber(key.Exponent);
        if (exponent < policy.MinRsaExponent || exponent.IsEven || exponent.GetBitLength() > 256)
            yield return profile.Find(FindingCodes.KeyRsaExponent, $"The public exponent of this RSA key is not an odd number from {policy.MinRsaExponent} on. Make a key with the usual 65537.", Field);
    }

    private static IEnumerable<Finding> FindInCurve(PublicKeyFacts key, IssuanceProfile profile)
    {
        if (!profile.KeyPolicy.AllowsCurve(key.Curve))
            yield return profile.Find(FindingCodes.KeyCurve, profile.KeyPolicy.Curves.Length == 0
                ? $"Elliptic-curve keys are not certified by the profile {profile.Name}: use RSA."
                : $"Keys on the curve {key.Curve} are not certified: use {profile.KeyPolicy.Curves}.", Field);
    }

    private Weakness? FindWeakness(PublicKeyFacts key) => judged.GetOrCreate(key.Hash, entry =>
    {
        entry.Size = 1;
        return Judge(key);
    });

    private Weakness? Judge(PublicKeyFacts key)
    {
        if (weakKeys.Contains(key)) return new(FindingCodes.KeyKnownWeak, "The private half of this key is publicly known (such as those made by Debian's OpenSSL from 2006 to 2008). Make a new key.");
        return key.Kind switch
        {
            KeyKind.Rsa => JudgeModulus(RsaWeaknesses.ToNumber(key.Modulus)),
            KeyKind.Ec => key.HasSigned ? null : JudgePoint(key),
        };
    }

    private static Weakness? JudgeModulus(BigInteger modulus)
    {
        if (RsaWeaknesses.HasSmallFactor(modulus)) return new(FindingCodes.KeySmallFactor, "This RSA key can be factored: its modulus has a small factor. Make a new key with other software.");
        if (RsaWeaknesses.IsRoca(modulus)) return new(FindingCodes.KeyRoca, "This RSA key was made by a chip whose keys can be factored (ROCA, CVE-2017-15361). Make a new key elsewhere.");
        if (RsaWeaknesses.HasClosePrimes(modulus)) return new(FindingCodes.KeyClosePrimes, "This RSA key can be factored: its two primes are close together. Make a new key with other software.");
        return null;
    }

    private static Weakness? JudgePoint(PublicKeyFacts key)
    {
        try
        {
            key.Import().Dispose();
            return null;
        }
        catch (CryptographicException)
        {
            return new(FindingCodes.KeyPoint, $"The key is not a point on the curve {key.Curve}.");
        }
    }

    private sealed record Weakness(string Code, string Message);
}
