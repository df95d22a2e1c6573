using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Shared;

namespace StarPortal.Tests.MyProxy;

[Trait("Category", "Unit")]
public sealed class ProxyCertificateTests
{
    private const string KeyUsage = "2.5.29.15";

    [Fact]
    public void Proxy_IsNamedByItsSignerAndItsNumber_WhenItIsIssued()
    {
        using var bob = GridCa.Person();
        var proxy = GridCertificate.Read(GridCa.Issue(bob));
        var signer = GridCertificate.Read(bob.Chain[0]);
        var serial = ProxyCertificate.SerialOf(GridCa.Key.ExportSubjectPublicKeyInfo());

        Assert.True(proxy.Issuer.Span.SequenceEqual(signer.Subject.Span));
        Assert.Equal($"/O=StarGrid/OU=People/CN=Bob Badger/CN={serial}", OneLineName.Of(proxy.Subject));
        Assert.Equal(UniversalTagNumber.PrintableString, (UniversalTagNumber)RawName.Read(proxy.Subject)[^1].Tag.TagValue);
        Assert.Equal(serial.ToString("X", CultureInfo.InvariantCulture), Load(GridCa.Issue(bob)).SerialNumber.TrimStart('0'));
    }

    [Fact]
    public void Serial_IsThatOfTheGenuineServer_ForAKnownKey()
    {
        var key = GridCa.Key.ExportSubjectPublicKeyInfo();
#pragma warning disable CA5350 // A number made of it, as the genuine server makes it.
        var hash = SHA1.HashData(key);
#pragma warning restore CA5350
        Assert.Equal(hash[0] + (hash[1] << 8) + (hash[2] << 16) + ((hash[3] >> 1) << 24), ProxyCertificate.SerialOf(key));
    }

    [Fact]
    public void Proxy_HasTheSignersUsagesAndItsOwnKind_AndNothingElse()
    {
        using var bob = GridCa.Person();
        using var proxy = Load(GridCa.Issue(bob));
        var usage = proxy.Extensions.OfType<X509KeyUsageExtension>().Single();

        Assert.Equal(3, proxy.Version);
        Assert.Equal(["2.5.29.37", KeyUsage, ProxyCertInfo.Oid], proxy.Extensions.Select(extension => extension.Oid!.Value));
        Assert.Equal((X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, true), (usage.KeyUsages, usage.Critical));
        Assert.Equal(("300C300A06082B06010505071501", true), (Convert.ToHexString(KindOf(proxy).RawData), KindOf(proxy).Critical));
    }

    [Fact]
    public void Proxy_HasNoKeyUsage_WhenItsSignerHasNone()
    {
        using var bob = GridCa.Person(usage: null);
        using var proxy = Load(GridCa.Issue(bob));
        Assert.DoesNotContain(proxy.Extensions, extension => extension.Oid!.Value == KeyUsage);
    }

    [Theory]
    [InlineData(ProxyCertInfo.InheritAll, false, ProxyCertInfo.InheritAll)]
    [InlineData(ProxyCertInfo.InheritAll, true, ProxyCertInfo.Limited)]
    [InlineData(ProxyCertInfo.Limited, false, ProxyCertInfo.Limited)]
    [InlineData(null, false, ProxyCertInfo.InheritAll)]
    public void Proxy_IsOfTheKindThatWasAskedFor_UnlessTheClientIsLimited(string? asked, bool clientIsLimited, string expected)
    {
        using var bob = GridCa.Person();
        Assert.Equal(expected, GridCertificate.Read(GridCa.Issue(bob, GridCa.Request(language: asked), clientIsLimited: clientIsLimited)).Proxy!.Language);
    }

    [Fact]
    public void Proxy_IsLimited_WhenALimitedOneIsAnywhereInTheStoredChain()
    {
        using var bob = GridCa.Person();
        using var limited = GridCa.ProxyOf(bob, ProxyCertInfo.Limited);
        using var below = GridCa.ProxyOf(limited);
        Assert.True(GridCertificate.Read(GridCa.Issue(below)).Proxy!.IsLimited);
    }

    [Theory]
    [InlineData(ProxyCertInfo.Independent, "independent")]
    [InlineData("1.2.3.4", "1.2.3.4")]
    public void Proxy_IsRefusedSayingWhy_WhenItIsOfAnotherKind(string language, string reason)
    {
        using var bob = GridCa.Person();
        AssertRefused(reason, () => GridCa.Issue(bob, GridCa.Request(language: language)));
    }

    [Fact]
    public void Proxy_KeepsThePathLength_ThatWasAskedFor()
    {
        using var bob = GridCa.Person();
        Assert.Equal(3, GridCertificate.Read(GridCa.Issue(bob, GridCa.Request(pathLength: 3))).Proxy!.PathLength);
    }

    [Theory]
    [InlineData(0, null, false)]
    [InlineData(1, null, true)]
    [InlineData(1, 0, false)]
    [InlineData(1, 5, false)]
    [InlineData(2, 1, true)]
    public void Proxy_IsRefused_WhenAStoredProxyAllowsNoneBelowIt(int upper, int? lower, bool isIssued)
    {
        using var bob = GridCa.Person();
        using var proxy = GridCa.ProxyOf(bob, pathLength: upper);
        using var second = lower is null ? null : GridCa.ProxyOf(proxy, pathLength: lower);
        if (isIssued) Assert.NotEmpty(GridCa.Issue(second ?? proxy));
        else AssertRefused("no further proxy", () => GridCa.Issue(second ?? proxy));
    }

    [Fact]
    public void Proxy_GrowsTheChainByOneName_WhenAProxySigns()
    {
        using var bob = GridCa.Person();
        using var proxy = GridCa.ProxyOf(bob);
        Assert.Equal(["Bob Badger", "4711"], OneLineName.Of(GridCertificate.Read(GridCa.Issue(proxy)).Subject).Split("/CN=")[1..^1]);
    }

    [Theory]
    [InlineData("SHA256", "1.2.840.113549.1.1.11")]
    [InlineData("SHA384", "1.2.840.113549.1.1.12")]
    [InlineData("SHA512", "1.2.840.113549.1.1.13")]
    [InlineData("SHA1", "1.2.840.113549.1.1.11")]
    public void Proxy_IsSignedWithItsSignersHash_ButNeverWithSha1(string hash, string algorithm)
    {
        using var bob = GridCa.Person(hash: new HashAlgorithmName(hash));
        var proxy = GridCa.Issue(bob);
        Assert.Equal(algorithm, Load(proxy).SignatureAlgorithm.Value);
        Assert.True(IsSignedBy(proxy, bob));
    }

    [Fact]
    public void Proxy_IsSignedByEcdsa_WhenThePersonsKeyIsEc()
    {
        using var bob = GridCa.Person(key: ECDsa.Create(ECCurve.NamedCurves.nistP256));
        Assert.True(IsSignedBy(GridCa.Issue(bob), bob));
    }

    [Fact]
    public void Proxy_IsRefused_WhenTheStoredCertificateHasExpired()
    {
        using var bob = GridCa.Person(ends: TimeSpan.FromSeconds(-1));
        AssertRefused("expired", () => GridCa.Issue(bob));
    }

    [Fact]
    public void Proxy_IsRefused_WhenACaWouldSignIt()
    {
        using var bob = GridCa.Person(isAuthority: true);
        AssertRefused("CA", () => GridCa.Issue(bob));
    }

    [Fact]
    public void Proxy_IsRefused_WhenTheSignersUsageLacksDigitalSignature()
    {
        using var bob = GridCa.Person(usage: X509KeyUsageFlags.KeyEncipherment);
        AssertRefused("digitalSignature", () => GridCa.Issue(bob));
    }

    [Fact]
    public void Proxy_IsRefused_WhenTheStoredChainIsGarbage()
    {
        using var bob = GridCa.Person();
        AssertRefused("damaged", () => GridCa.Issue(bob with { Chain = [[0x30, 0x03, 1, 2, 3]] }));
        AssertRefused("no certificate", () => GridCa.Issue(bob with { Chain = [] }));
    }

    [Fact]
    public void Name_IsCopiedOctetByOctet_WhenItIsOfAnOddMake()
    {
        var name = OddNames.Grid;
        using var bob = GridCa.Person(name);
        var proxy = GridCertificate.Read(GridCa.Issue(bob));
        Assert.True(proxy.Issuer.Span.SequenceEqual(name.RawData));
        Assert.True(RawName.IsOneCommonNameBelow(proxy.Subject, proxy.Issuer));
    }

    internal static X509Certificate2 Load(byte[] der) => X509CertificateLoader.LoadCertificate(der);

    private static X509Extension KindOf(X509Certificate2 proxy) => proxy.Extensions.Single(extension => extension.Oid!.Value == ProxyCertInfo.Oid);

    /// <summary>The outer parts of a certificate, and the signer's key over the first.</summary>
    private static bool IsSignedBy(byte[] der, UnlockedCredential signer)
    {
        var certificate = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        var signed = certificate.ReadEncodedValue();
        var hash = SignatureAlgorithms.HashOf(certificate.ReadSequence().ReadObjectIdentifier());
        var signature = certificate.ReadBitString(out _);
        return signer.Key is RSA rsa
            ? rsa.VerifyData(signed.Span, signature, hash, RSASignaturePadding.Pkcs1)
            : ((ECDsa)signer.Key).VerifyData(signed.Span, signature, hash, DSASignatureFormat.Rfc3279DerSequence);
    }

    private static void AssertRefused(string reason, Func<byte[]> issue)
    {
        var error = Assert.Throws<ServiceException>(issue);
        Assert.StartsWith("Unable to delegate credentials.\n", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }
}
