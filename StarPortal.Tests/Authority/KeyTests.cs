using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using StarPortal.Core.Authority;
using StarPortal.Core.Shared;

namespace StarPortal.Tests.Authority;

[Trait("Category", "Unit")]
public sealed class KeyTests : IDisposable
{
    private static readonly IssuanceProfile Person = NameTests.ProfilesOf().Get(IssuanceProfiles.Person);

    private readonly KeyInspector inspector = new(new WeakKeyList(Options.Create(new AuthorityOptions())));

    public void Dispose() => inspector.Dispose();

    [Theory]
    [InlineData(KeyAlgorithm.Rsa2048)]
    [InlineData(KeyAlgorithm.Rsa3072)]
    [InlineData(KeyAlgorithm.EcdsaP256)]
    [InlineData(KeyAlgorithm.EcdsaP384)]
    public void Key_IsFine_WhenThePortalMadeIt(KeyAlgorithm algorithm) => Assert.Empty(Inspect(Orders.MakeKey(algorithm)));

    [Fact]
    public void Key_IsRefused_WhenItIsSmallOrLarge()
    {
        using var small = RSA.Create(1024);
        Assert.Equal([FindingCodes.KeyRsaTooSmall], Inspect(small.ExportSubjectPublicKeyInfo()));
        Assert.Equal([FindingCodes.KeyRsaTooLarge], Inspect(Rsa(BigInteger.Pow(2, 15_999) + 1)));
    }

    [Fact]
    public void Key_IsRefused_WhenItsCurveIsNotListed()
    {
        using var key = ECDsa.Create(ECCurve.CreateFromFriendlyName("secp224r1"));
        Assert.Equal([FindingCodes.KeyCurve], Inspect(key.ExportSubjectPublicKeyInfo()));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    [InlineData(65536)]
    [InlineData(65538)]
    public void Key_IsRefused_WhenItsExponentIsSmallOrEven(int exponent) =>
        Assert.Equal([FindingCodes.KeyRsaExponent], Inspect(Rsa(Modulus(Orders.RsaKey), exponent)));

    [Fact]
    public void Key_IsRefused_WhenItsPrimesAreClose()
    {
        var p = Prime(1024);
        Assert.Equal([FindingCodes.KeyClosePrimes], Inspect(Rsa(p * NextPrime(p + 2))));
        Assert.Equal([FindingCodes.KeyClosePrimes], Inspect(Rsa(p * p)));
    }

    [Fact]
    public void Key_IsRefused_WhenItWasMadeAsRocaKeysWere() => Assert.Equal([FindingCodes.KeyRoca], Inspect(Rsa(RocaPrime() * RocaPrime())));

    [Fact]
    public void Key_IsRefused_WhenAFactorIsSmall() => Assert.Equal([FindingCodes.KeySmallFactor], Inspect(Rsa(Prime(2040) * 251)));

    [Fact]
    public void Key_IsRefused_WhenItIsOnTheListInEitherForm()
    {
        var path = Path.GetTempFileName();
        var key = PublicKeyFacts.Parse(Orders.RsaKey);
        foreach (var entry in new[] { key.Hash, WeakKeyList.DebianEntry(key.Modulus) })
        {
            File.WriteAllText(path, $"# known keys\n{entry}\n");
            using var strict = new KeyInspector(new WeakKeyList(Options.Create(new AuthorityOptions { WeakKeyFile = path })));
            Assert.Equal([FindingCodes.KeyKnownWeak], strict.Inspect(key, Person).Select(finding => finding.Code));
        }

        File.Delete(path);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("zzzzzzzzzzzzzzzzzzzz")]
    public void WeakKeyList_StopsTheStart_WhenALineIsInNeitherForm(string line)
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, line);
        Assert.Throws<OptionsValidationException>(() => new WeakKeyList(Options.Create(new AuthorityOptions { WeakKeyFile = path })));
        File.Delete(path);
    }

    /// <summary>The entry that <c>openssl rsa -modulus | sha1sum</c> makes, computed by hand for n = 0xC3.</summary>
    [Fact]
    public void DebianEntry_IsTheTailOfTheSha1OfTheModulusLine_AsOpensslVulnkeyDefinesIt()
    {
#pragma warning disable CA5350
        var expected = Convert.ToHexStringLower(SHA1.HashData("Modulus=C3\n"u8))[20..];
#pragma warning restore CA5350
        Assert.Equal(expected, WeakKeyList.DebianEntry([0xc3]));
    }

    [Fact]
    public void Point_IsRefused_WhenItIsNotOnTheCurve()
    {
        var key = Orders.MakeKey(KeyAlgorithm.EcdsaP256);
        key[^1] ^= 1;
        Assert.Equal([FindingCodes.KeyPoint], Inspect(key));
    }

    [Fact]
    public void Severity_IsTheProfiles_WhenItSaysOtherwise()
    {
        var lenient = NameTests.ProfilesOf(("Authority:Profiles:person:LintSeverities:key.rsa-too-small", "Acknowledge")).Get("person");
        using var small = RSA.Create(1024);
        var finding = Assert.Single(inspector.Inspect(PublicKeyFacts.Parse(small.ExportSubjectPublicKeyInfo()), lenient));
        Assert.Equal(FindingSeverity.Acknowledge, finding.Severity);
    }

    [Fact]
    public void Encoding_IsRefused_WhenAKeyCouldHideBehindAnother()
    {
        var withoutNull = Rsa(Modulus(Orders.RsaKey), parameters: false);
        Assert.Throws<ServiceException>(() => PublicKeyFacts.Parse(withoutNull));
        var compressed = Compress(Orders.MakeKey(KeyAlgorithm.EcdsaP256));
        Assert.Contains("compressed", Assert.Throws<ServiceException>(() => PublicKeyFacts.Parse(compressed)).Message, StringComparison.Ordinal);
        Assert.Throws<ServiceException>(() => PublicKeyFacts.Parse(new byte[] { 0x30, 0x00 }));
    }

    [Fact]
    public void ProtectedKey_OpensWithItsPassphraseOnly()
    {
        var pair = ProtectedKeys.Make(KeyAlgorithm.Rsa2048, "correct horse battery");
        using var key = ProtectedKeys.Open(pair.EncryptedPkcs8, "correct horse battery");
        Assert.Equal(pair.PublicKeyInfo, key.ExportSubjectPublicKeyInfo());
        var error = Assert.Throws<ServiceException>(() => ProtectedKeys.Open(pair.EncryptedPkcs8, "correct horse batterz"));
        Assert.Equal((ErrorKind.Invalid, "Passphrase"), (error.Kind, error.Field));
    }

    [Fact]
    public void SquareRoot_IsTheLargestWhoseSquareFits_WhateverTheNumber()
    {
        foreach (var bits in Enumerable.Range(1, 300))
        {
            var number = new BigInteger(RandomNumberGenerator.GetBytes((bits / 8) + 1), isUnsigned: true);
            var root = RsaWeaknesses.SquareRoot(number);
            Assert.True(root * root <= number && (root + 1) * (root + 1) > number);
        }
    }

    private IEnumerable<string> Inspect(byte[] publicKeyInfo) => inspector.Inspect(PublicKeyFacts.Parse(publicKeyInfo), Person).Select(finding => finding.Code);

    private static BigInteger Modulus(byte[] publicKeyInfo) => RsaWeaknesses.ToNumber(PublicKeyFacts.Parse(publicKeyInfo).Modulus);

    private static byte[] Rsa(BigInteger modulus, int exponent = 65537, bool parameters = true)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(modulus);
            writer.WriteInteger(exponent);
        }

        var key = writer.Encode();
        writer.Reset();
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier("1.2.840.113549.1.1.1");
                if (parameters) writer.WriteNull();
            }

            writer.WriteBitString(key);
        }

        return writer.Encode();
    }

    private static byte[] Compress(byte[] publicKeyInfo)
    {
        var info = new AsnReader(publicKeyInfo, AsnEncodingRules.DER).ReadSequence();
        var algorithm = info.ReadEncodedValue();
        var point = info.ReadBitString(out _);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(algorithm.Span);
            writer.WriteBitString([(byte)(2 + (point[^1] & 1)), .. point.AsSpan(1, 32)]);
        }

        return writer.Encode();
    }

    /// <summary>k·M + (65537^a mod M), as the Infineon library chose them for RSA 2048: M is the product of the first 126 primes.</summary>
    private static BigInteger RocaPrime()
    {
        var m = Enumerable.Range(2, 700).Where(candidate => Enumerable.Range(2, candidate - 2).All(divisor => candidate % divisor != 0)).Take(126)
            .Aggregate(BigInteger.One, (product, prime) => product * prime);
        while (true)
        {
            var k = ((new BigInteger(3) << 1022) / m) + new BigInteger(RandomNumberGenerator.GetBytes(6), isUnsigned: true);
            var a = new BigInteger(RandomNumberGenerator.GetBytes(30), isUnsigned: true);
            var candidate = (k * m) + BigInteger.ModPow(65537, a, m);
            if (IsPrime(candidate)) return candidate;
        }
    }

    private static BigInteger Prime(int bits)
    {
        var start = new BigInteger(RandomNumberGenerator.GetBytes(bits / 8), isUnsigned: true) | (BigInteger.One << (bits - 1)) | (BigInteger.One << (bits - 2));
        return NextPrime(start | 1);
    }

    private static BigInteger NextPrime(BigInteger odd)
    {
        while (!IsPrime(odd)) odd += 2;
        return odd;
    }

    private static bool IsPrime(BigInteger candidate) =>
        !RsaWeaknesses.HasSmallFactor(candidate) && BigInteger.ModPow(2, candidate - 1, candidate).IsOne && BigInteger.ModPow(3, candidate - 1, candidate).IsOne;
}
