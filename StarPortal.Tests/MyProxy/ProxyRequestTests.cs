using System.Formats.Asn1;
using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Shared;

namespace StarPortal.Tests.MyProxy;

[Trait("Category", "Unit")]
public sealed class ProxyRequestTests
{
    [Theory]
    [InlineData("SHA1")]
    [InlineData("SHA256")]
    [InlineData("SHA512")]
    public void Request_IsTaken_WhateverHashSignedIt(string hash) =>
        Assert.Equal(2048, ProxyRequest.Read(GridCa.Request(hash: new HashAlgorithmName(hash))).Key.Bits);

    [Theory]
    [InlineData("nistP256", "P-256")]
    [InlineData("nistP384", "P-384")]
    public void Request_IsTaken_ForAnEllipticKey(string curve, string expected)
    {
        using var key = ECDsa.Create(ECCurve.CreateFromFriendlyName(curve));
        Assert.Equal(expected, ProxyRequest.Read(GridCa.Request(key)).Key.Curve);
    }

    [Fact]
    public void Request_IsRefused_WhenTheCurveIsAnother()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP521);
        AssertRefused("P-521", GridCa.Request(key));
    }

    [Fact]
    public void Request_IsRefusedNamingTheRemedy_WhenTheKeyIsWeak()
    {
        using var key = RSA.Create(1024);
        AssertRefused("MYPROXY_KEYBITS", GridCa.Request(key));
    }

    [Fact]
    public void Request_IsRefused_WhenItsSignatureIsAnothers()
    {
        var (mine, theirs) = (GridCa.Request(), GridCa.Request(language: null));
        AssertRefused("not signed by the key", [.. mine[..^256], .. theirs[^256..]]);
    }

    [Fact]
    public void Request_IsRefused_WhenItAsksForTheDraftsProxy() => AssertRefused("draft", GridCa.Request(oid: ProxyCertInfo.DraftOid));

    [Fact]
    public void Request_IsRefused_WhenItAsksForTwoKinds() =>
        AssertRefused("two kinds", GridCa.SignRequest(AttributeOf(GridCa.Request()), AttributeOf(GridCa.Request(language: ProxyCertInfo.Limited))));

    [Fact]
    public void Request_IsRefused_WhenItIsLongerThanAnyRequest() => AssertRefused("16 KiB", new byte[ProxyRequest.MaxLength + 1]);

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("3000")]
    [InlineData("308000000000")]
    [InlineData("3084FFFFFFFF")]
    [InlineData("474554202F20485454502F312E310D0A")]
    public void Request_IsRefused_WhenItIsNoRequest(string hex) => AssertRefused("not a PKCS#10", Convert.FromHexString(hex));

    [Fact]
    public void Request_IsRefused_WhereverItIsCutOff()
    {
        var request = GridCa.Request();
        Assert.All(Enumerable.Range(0, request.Length), length => Assert.Throws<ServiceException>(() => ProxyRequest.Read(request.AsSpan(0, length))));
    }

    [Fact]
    public void Request_IsReadOrRefused_WhateverOctetsAreChanged()
    {
        var request = GridCa.Request();
        Prop.ForAll(Gen.Choose(0, request.Length - 1).ToArbitrary(), ArbMap.Default.ArbFor<byte>(), (position, octet) =>
        {
            var changed = request.ToArray();
            changed[position] = octet;
            try
            {
                ProxyRequest.Read(changed);
            }
            catch (ServiceException error)
            {
                Assert.StartsWith("Unable to delegate credentials.", error.Message, StringComparison.Ordinal);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    [Fact]
    public void OwnRequest_IsTheGenuineServers_InLengthAndKind()
    {
        var request = ProxySigningRequest.Make(GridCa.Key);
        Assert.Equal(667, request.Length);
        Assert.Equal(new ProxyCertInfo(null, ProxyCertInfo.InheritAll), ProxyRequest.Read(request).Asked);
    }

    [Fact]
    public async Task Pool_GivesEachKeyOnce_AndFillsItselfAfterTheFirst()
    {
        await using var pool = new ProxyKeyPool(size: 2);
        Assert.Equal(0, pool.Ready);
        using var first = await pool.TakeAsync(TestContext.Current.CancellationToken);
        SpinWait.SpinUntil(() => pool.Ready == 2, TimeSpan.FromMinutes(1));
        using var second = await pool.TakeAsync(TestContext.Current.CancellationToken);
        Assert.Equal((2048, 2048), (first.KeySize, second.KeySize));
        Assert.NotEqual(first.ExportRSAPublicKey(), second.ExportRSAPublicKey());
    }

    /// <summary>The one attribute of this request.</summary>
    private static byte[] AttributeOf(byte[] request)
    {
        var info = new AsnReader(request, AsnEncodingRules.DER).ReadSequence().ReadSequence();
        for (var before = 0; before < 3; before++) info.ReadEncodedValue();
        return info.ReadSetOf(new Asn1Tag(TagClass.ContextSpecific, 0)).ReadEncodedValue().ToArray();
    }

    private static void AssertRefused(string reason, byte[] request) =>
        Assert.Contains(reason, Assert.Throws<ServiceException>(() => ProxyRequest.Read(request)).Message, StringComparison.Ordinal);
}
