using System.Buffers.Text;
using System.Numerics;
using System.Text;
using System.Text.Json.Nodes;

namespace StarPortal.Tests.Acme;

/// <summary>Which keys may open an account (RFC 8555 6.2 badPublicKey, RFC 7517, RFC 7518 6).</summary>
[Trait("Category", "Unit")]
public sealed class JwkTests(AcmeFixture fixture) : IClassFixture<AcmeFixture>
{
    private static readonly Dictionary<string, Action<JsonObject>> BadEc = new(StringComparer.Ordinal)
    {
        ["not on the curve"] = jwk => jwk["x"] = Base64Url.EncodeToString(Enumerable.Repeat((byte)7, 32).ToArray()),
        ["point at zero"] = jwk => (jwk["x"], jwk["y"]) = (Base64Url.EncodeToString(new byte[32]), Base64Url.EncodeToString(new byte[32])),
        ["short coordinate"] = jwk => jwk["x"] = Base64Url.EncodeToString(new byte[31]),
        ["long coordinate"] = jwk => jwk["x"] = Base64Url.EncodeToString([0, .. Base64Url.DecodeFromChars(jwk["x"]!.ToString())]),
        ["no y"] = jwk => jwk.Remove("y"),
        ["padding"] = jwk => jwk["x"] += "=",
        ["another curve"] = jwk => jwk["crv"] = "P-384",
        ["unknown curve"] = jwk => jwk["crv"] = "secp256k1",
        ["no curve"] = jwk => jwk.Remove("crv"),
        ["symmetric"] = jwk => (jwk["kty"], jwk["k"]) = ("oct", "AAAA"),
        ["Ed25519"] = jwk => (jwk["kty"], jwk["crv"]) = ("OKP", "Ed25519"),
        ["no kty"] = jwk => jwk.Remove("kty"),
        ["private key inside"] = jwk => jwk["d"] = "AAAA",
        ["for encryption"] = jwk => jwk["use"] = "enc",
        ["not for verifying"] = jwk => jwk["key_ops"] = new JsonArray("sign"),
    };

    public static TheoryData<string> BadEcKeys => [.. BadEc.Keys];

    [Theory]
    [MemberData(nameof(BadEcKeys))]
    public async Task EcKey_IsRefused(string what)
    {
        using var client = fixture.NewClient();
        var answer = await client.PostAsync(await client.UrlOfAsync("newAccount"), new JsonObject(), jws => BadEc[what](jws.Header["jwk"]!.AsObject()));
        Assert.Equal((400, "badPublicKey"), answer.Outcome);
    }

    [Theory]
    [InlineData("{\"kty\":\"EC\",\"kty\":\"EC\"}")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    public async Task Jwk_ThatIsNone_IsMalformed(string jwk)
    {
        using var client = fixture.NewClient();
        var answer = await client.PostAsync(await client.UrlOfAsync("newAccount"), new JsonObject(), jws =>
        {
            jws.Header.Remove("jwk");
            jws.RawHeader = $"{jws.Header.ToJsonString()[..^1]},\"jwk\":{jwk}}}";
        });
        Assert.Equal((400, "malformed"), answer.Outcome);
    }

    [Theory]
    [InlineData(1024)]
    [InlineData(512)]
    public async Task RsaKey_TooSmall_IsRefused(int bits)
    {
        using var client = fixture.NewClient(TestKey.Rsa(bits));
        Assert.Equal((400, "badPublicKey"), (await client.RegisterAsync()).Outcome);
    }

    [Fact]
    public async Task RsaKey_TooLarge_IsRefused()
    {
        using var client = fixture.NewClient(TestKey.Rsa());
        var answer = await client.PostAsync(await client.UrlOfAsync("newAccount"), new JsonObject(), jws => jws.Header["jwk"]!["n"] = Base64Url.EncodeToString(Enumerable.Repeat((byte)0xff, 2048).ToArray()));
        Assert.Equal((400, "badPublicKey"), answer.Outcome);
    }

    [Theory]
    [InlineData("AQ")] // 1
    [InlineData("Ag")] // 2
    [InlineData("Aw")] // 3
    [InlineData("AAEAAQ")] // 65537 with a zero in front
    public async Task RsaKey_WithAnotherExponent_IsRefused(string exponent)
    {
        using var client = fixture.NewClient(TestKey.Rsa());
        var answer = await client.PostAsync(await client.UrlOfAsync("newAccount"), new JsonObject(), jws => jws.Header["jwk"]!["e"] = exponent);
        Assert.NotEqual(201, (int)answer.Status);
        Assert.Contains(answer.Problem, new[] { "badPublicKey", "malformed" });
    }

    /// <summary>The RFC's own example (RFC 7638 3.1).</summary>
    [Fact]
    public void Thumbprint_IsThatOfTheRfc()
    {
        const string Modulus =
            "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
        var key = StarPortal.Core.Acme.JwkReader.Read(Encoding.UTF8.GetBytes($$"""{"kty":"RSA","n":"{{Modulus}}","e":"AQAB","alg":"RS256","kid":"2011-04-29"}"""));
        Assert.Equal("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", key.Thumbprint);
    }

    [Fact]
    public async Task WeakKey_IsRefused_WhenItOpensAnAccount()
    {
        // Two primes that lie close together: factored by Fermat's method in a moment.
        using var key = CloseRsa();
        using var client = fixture.NewClient(key);
        Assert.Equal((400, "badPublicKey"), (await client.RegisterAsync()).Outcome);
    }

    private static TestKey CloseRsa() => TestKey.Rsa(CloseParameters());

    private static System.Security.Cryptography.RSAParameters CloseParameters()
    {
        using var donor = System.Security.Cryptography.RSA.Create(2048);
        var p = new BigInteger(donor.ExportParameters(includePrivateParameters: true).P, isUnsigned: true, isBigEndian: true);
        var e = new BigInteger(65537);
        var q = p + 2;
        while (!IsProbablePrime(q) || (q - 1) % e == 0) q += 2;
        var (n, phi) = (p * q, (p - 1) * (q - 1));
        var d = Invert(e, phi);
        return new()
        {
            Modulus = Bytes(n, 256), Exponent = [1, 0, 1], D = Bytes(d, 256), P = Bytes(p, 128), Q = Bytes(q, 128),
            DP = Bytes(d % (p - 1), 128), DQ = Bytes(d % (q - 1), 128), InverseQ = Bytes(Invert(q, p), 128),
        };
    }

    private static byte[] Bytes(BigInteger number, int length)
    {
        var bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[length - bytes.Length], .. bytes];
    }

    private static bool IsProbablePrime(BigInteger number) => BigInteger.ModPow(2, number - 1, number).IsOne && BigInteger.ModPow(3, number - 1, number).IsOne;

    private static BigInteger Invert(BigInteger number, BigInteger modulus)
    {
        var (a, b, x, y) = (number % modulus, modulus, BigInteger.One, BigInteger.Zero);
        while (a > 1)
        {
            var quotient = a / b;
            (a, b) = (b, a % b);
            (x, y) = (y, x - (quotient * y));
        }

        return ((x % modulus) + modulus) % modulus;
    }
}
