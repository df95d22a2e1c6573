using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StarPortal.Core.Acme;
using StarPortal.Core.Authority;
using StarPortal.Core.Delegation;
using StarPortal.Tests.Acme;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Delegation;

/// <summary>A certificate that is right until a test breaks one thing of it.</summary>
[Trait("Category", "Unit")]
public sealed class CertificateCheckTests : IDisposable
{
    private static readonly string[] Names = ["www.example.org", "web.example.org"];

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly SmallCa ca = new();

    public void Dispose()
    {
        key.Dispose();
        ca.Dispose();
    }

    [Fact]
    public void Certificate_Passes_WhenItIsWhatWasOrdered()
    {
        var pem = ca.Certify(Request(), -1, 24);
        var chain = Check("A remark.\n" + pem);
        Assert.Equal(pem, chain.Pem);
        Assert.Equal((TimeSpan.FromHours(25), SmallCa.Now.AddHours(24)), (chain.Life.Length, chain.Life.NotAfter));
        Assert.Matches("^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$", chain.RenewalId);
    }

    [Fact]
    public void Certificate_Passes_WithoutIssuers_AndWithAnAddress()
    {
        var request = Request("www.example.org", "192.0.2.1");
        var leaf = PemOf(ca.Certify(request, -1, 24))[0];
        var check = new CertificateCheck(SigningRequest.Parse(OrderScene.Csr(key, "", "www.example.org", "192.0.2.1")), [AcmeIdentifier.Dns("www.example.org"), AcmeIdentifier.Ip("192.0.2.1")], TimeSpan.FromDays(90));
        Assert.NotNull(check.Require(new UpstreamChain(leaf, []), SmallCa.Now));
    }

    [Fact]
    public void Certificate_IsRefused_ForAnotherKey()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Refused("another key", ca.Certify(SmallCa.Read(OrderScene.Csr(other, "", Names)), -1, 24));
    }

    [Theory]
    [InlineData("not ordered: DNS:evil.example.org", "www.example.org", "web.example.org", "evil.example.org")]
    [InlineData("not ordered: DNS:*.example.org", "*.example.org", "web.example.org")]
    [InlineData("not ordered: IP:192.0.2.1", "www.example.org", "web.example.org", "192.0.2.1")]
    [InlineData("not ordered: email:a@example.org", "www.example.org", "web.example.org", "a@example.org")]
    [InlineData("lacks names that were ordered: web.example.org", "www.example.org")]
    [InlineData("lacks names that were ordered", "WWW.example.org")]
    public void Certificate_IsRefused_ForOtherNames(string words, params string[] names) => Refused(words, ca.Certify(Request(names), -1, 24));

    [Fact]
    public void Certificate_IsRefused_WithoutNames() => Refused("lacks names", ca.Certify(new CertificateRequest("CN=www.example.org", key, HashAlgorithmName.SHA256), -1, 24));

    [Theory]
    [InlineData("CN=evil.example.org")]
    [InlineData("CN=www.example.org, CN=evil.example.org")]
    public void Certificate_IsRefused_ForItsCommonName(string subject) =>
        Refused("common name", ca.Certify(SmallCa.Read(OrderScene.Csr(key, subject, Names)), -1, 24));

    [Theory]
    [InlineData(-2, -1, "has ended")]
    [InlineData(1, 24, "not valid before")]
    public void Certificate_IsRefused_ForItsLife(double from, double to, string words) => Refused(words, ca.Certify(Request(), from, to));

    [Fact]
    public void Certificate_IsRefused_WhenItCertifies()
    {
        var request = Request();
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        Refused("certificate authority", ca.Certify(request, -1, 24));
    }

    [Fact]
    public void Certificate_ThatIsLongerThanTaken_IsRefusedAsSuch() => Refused("at most 90 are taken", ca.Certify(Request(), -1, 24 * 91), UpstreamFailure.TooLong);

    /// <summary>What counts is how long it may be used from now on: CAs let certificates begin in the past.</summary>
    [Theory]
    [InlineData(-30, 24, null)]
    [InlineData(-1, 25, UpstreamFailure.TooLong)]
    public void Certificate_LivesNoLongerThanTheOwnerAllows(double from, double to, UpstreamFailure? failure)
    {
        var check = new CertificateCheck(SigningRequest.Parse(OrderScene.Csr(key, "", Names)), [.. Names.Select(AcmeIdentifier.Dns)], TimeSpan.FromDays(90)) { MaxRemaining = TimeSpan.FromHours(24) };
        var error = Record.Exception(() => check.Require(new UpstreamChain(ca.Certify(Request(), from, to), []), SmallCa.Now));
        Assert.Equal(failure, (error as UpstreamException)?.Failure);
    }

    [Fact]
    public void Chain_IsRefused_WhenItDoesNotLink()
    {
        using var stranger = new SmallCa(); // Of the same name, with another key.
        var leaf = PemOf(ca.Certify(Request(), -1, 24))[0];
        Refused("not a chain", leaf + stranger.RootPem);
        Refused("not a chain", leaf + ca.RootPem + stranger.RootPem);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n")]
    public void Chain_IsRefused_WhenItIsNone(string pem) => Refused("", pem);

    [Fact]
    public void Chain_IsRefused_WithAPrivateKeyInIt() => Refused("PRIVATE KEY", ca.Certify(Request(), -1, 24) + key.ExportPkcs8PrivateKeyPem());

    [Fact]
    public void Chain_IsRefused_WithTooManyIssuers() => Refused("more than", ca.Certify(Request(), -1, 24) + string.Concat(Enumerable.Repeat(ca.RootPem, 20)));

    [Fact]
    public void DamagedChain_IsRefusedOrRead()
    {
        var numbers = new SeededNumbers(5280);
        var good = PemOf(ca.Certify(Request(), -1, 24)).Select(one => { using var read = X509Certificate2.CreateFromPem(one); return read.RawData; }).ToArray();
        var refused = 0;
        for (var round = 0; round < 2000; round++)
        {
            byte[][] spoilt = [.. good.Select(octets => octets.ToArray())];
            spoilt[numbers.Below(2)][numbers.Below(good[0].Length < good[1].Length ? good[0].Length : good[1].Length)] ^= (byte)(1 + numbers.Below(255));
            if (Record.Exception(() => Check(string.Join('\n', spoilt.Select(octets => PemEncoding.WriteString("CERTIFICATE", octets))))) is not { } error) continue;
            Assert.IsType<UpstreamException>(error);
            refused++;
        }

        Assert.InRange(refused, 1900, 2000);
    }

    private CertificateRequest Request(params string[] names) => SmallCa.Read(OrderScene.Csr(key, "", names.Length > 0 ? names : Names));

    private CheckedChain Check(string pem) =>
        new CertificateCheck(SigningRequest.Parse(OrderScene.Csr(key, "", Names)), [.. Names.Select(AcmeIdentifier.Dns)], TimeSpan.FromDays(90)).Require(new UpstreamChain(pem, []), SmallCa.Now);

    private void Refused(string words, string pem, UpstreamFailure failure = UpstreamFailure.WrongCertificate)
    {
        var error = Assert.Throws<UpstreamException>(() => Check(pem));
        Assert.Equal((failure, false), (error.Failure, error.MayPass));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    private static string[] PemOf(string chain) => [.. chain.Split("-----END CERTIFICATE-----\n", StringSplitOptions.RemoveEmptyEntries).Select(part => part + "-----END CERTIFICATE-----\n")];
}
