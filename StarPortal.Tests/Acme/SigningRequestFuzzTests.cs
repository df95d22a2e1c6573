using System.Diagnostics;
using System.Formats.Asn1;
using System.Security.Cryptography;
using StarPortal.Core.Acme;
using StarPortal.Core.Authority;

namespace StarPortal.Tests.Acme;

/// <summary>Damaged PKCS#10, the same damage at each run: badCSR or a request for exactly the order's names, in no time, and nothing else.</summary>
[Trait("Category", "Unit")]
public sealed class SigningRequestFuzzTests
{
    private const int Inputs = 40_000;

    private static readonly string[] Names = ["a.example.org", "*.example.org", "192.0.2.7", "2001:db8::7"];

    [Fact]
    public void SigningRequest_Damaged_IsRefusedOrRead()
    {
        using var rsa = TestKey.Rsa();
        using var ec = TestKey.Ec();
        byte[][] seeds = [OrderScene.Csr(ec, Names), OrderScene.Csr(rsa, Names), OrderScene.Csr((ECDsa)ec.Key, "CN=a.example.org, O=Example", Names)];
        var mutator = new Mutator(seed: 2986);
        var (order, watch) = (Order(), Stopwatch.StartNew());
        foreach (var seed in seeds) Assert.True(IsTaken(seed, order));
        for (var round = 0; round < Inputs; round++) IsTaken(mutator.Mutate(seeds[round % seeds.Length]), order);
        Assert.True(watch.Elapsed < TimeSpan.FromMinutes(1), $"{watch.Elapsed}");
    }

    /// <summary>Only what is signed gets past the signature: the damage comes first.</summary>
    [Fact]
    public void SigningRequest_DamagedAndThenSigned_IsRefusedOrRead()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var info = new AsnReader(OrderScene.Csr(key, "", Names), AsnEncodingRules.DER).ReadSequence().PeekContentBytes().ToArray();
        var mutator = new Mutator(seed: 2985);
        var (order, watch, taken) = (Order(), Stopwatch.StartNew(), 0);
        Assert.True(IsTaken(Sign(key, info), order));
        for (var round = 0; round < Inputs / 2; round++) taken += IsTaken(Sign(key, mutator.Mutate(info)), order) ? 1 : 0;
        Assert.InRange(taken, 0, Inputs / 20); // Most damage is no harmless damage.
        Assert.True(watch.Elapsed < TimeSpan.FromMinutes(1), $"{watch.Elapsed}");
    }

    private static bool IsTaken(byte[] csr, AcmeOrder order)
    {
        try
        {
            var request = FinalizeRequest.Read(csr, order, "");
            // In a common name or in subjectAltName: nothing but what was ordered.
            Assert.All(request.Names, name => Assert.Contains(name.Value, Names));
            return true;
        }
        catch (AcmeException refused)
        {
            Assert.Equal(AcmeProblemType.BadCsr, refused.Type);
            return false;
        }
    }

    private static AcmeOrder Order() =>
        AcmeOrder.Of(OrderScene.New(Names), new AcmeOrderTerms(Guid.NewGuid(), IssuanceProfiles.Host, TimeSpan.FromDays(1)), [], new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>RFC 2986 4.2, by hand: the info need not be DER any more.</summary>
    private static byte[] Sign(ECDsa key, byte[] infoContent)
    {
        byte[] info = Der(0x30, infoContent);
        byte[] ecdsaWithSha256 = [0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
        return Der(0x30, [.. info, .. ecdsaWithSha256, .. Der(0x03, [0, .. key.SignData(info, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)])]);
    }

    private static byte[] Der(byte tag, byte[] content) => content.Length switch
    {
        < 0x80 => [tag, (byte)content.Length, .. content],
        < 0x100 => [tag, 0x81, (byte)content.Length, .. content],
        _ => [tag, 0x82, (byte)(content.Length >> 8), (byte)content.Length, .. content],
    };
}
