using System.Security.Cryptography.X509Certificates;
using StarPortal.Core.Acme;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Acme;

/// <summary>What a tls-alpn-01 certificate has to be (RFC 8737 3, RFC 8738 6), one thing wrong at a time.</summary>
[Trait("Category", "Unit")]
public sealed class ChallengeCertificateTests
{
    private const string Host = ValidationBench.Host;

    private static readonly ValidationTask Task = ValidationBench.Task();

    [Theory]
    [InlineData(Host, Host)]
    [InlineData("Host.EXAMPLE.org", Host)]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8::1", "2001:db8::1")]
    public void RightCertificate_IsTaken(string inside, string identifier) => Assert.Null(Objection(ChallengeCertificates.Make(inside, Right), ValidationBench.Task(identifier).Identifier));

    [Theory]
    [InlineData("other.example.org", Host, "is not host.example.org")]
    [InlineData("*.example.org", Host, "is not host.example.org")]
    [InlineData("192.0.2.1", Host, "is not host.example.org")]
    [InlineData("192.0.2.2", "192.0.2.1", "is not 192.0.2.1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1", "is not 192.0.2.1")]
    public void OtherName_IsRefused(string inside, string identifier, string reason) =>
        Assert.Contains(reason, Objection(ChallengeCertificates.Make(inside, Right), ValidationBench.Task(identifier).Identifier), StringComparison.Ordinal);

    [Fact]
    public void SecondName_IsRefused() => Assert.Contains("more than", Objection(ChallengeCertificates.Make(Host, Right, names => { names.AddDnsName(Host); names.AddDnsName("b.example.org"); })), StringComparison.Ordinal);

    [Fact]
    public void SecondName_OfAnotherKind_IsRefused() => Assert.Contains("more than", Objection(ChallengeCertificates.Make(Host, Right, names => { names.AddDnsName(Host); names.AddEmailAddress("a@example.org"); })), StringComparison.Ordinal);

    [Fact]
    public void AddressAsDnsName_IsRefused() => Assert.NotNull(Objection(ChallengeCertificates.Make("192.0.2.1", Right, names => names.AddDnsName("192.0.2.1")), AcmeIdentifier.Ip("192.0.2.1")));

    [Fact]
    public void NoName_IsRefused() => Assert.Contains("no subjectAltName", Objection(ChallengeCertificates.Make(Host, Right, hasNames: false)), StringComparison.Ordinal);

    [Fact]
    public void NoIdentifier_IsRefused() => Assert.Contains("no acmeIdentifier", Objection(ChallengeCertificates.Make(Host)), StringComparison.Ordinal);

    [Fact]
    public void IdentifierThatIsNotCritical_IsRefused() =>
        Assert.Contains("not critical", Objection(ChallengeCertificates.Make(Host, request => request.CertificateExtensions.Add(ChallengeCertificates.Identifier(Task.KeyAuthorization, isCritical: false)))), StringComparison.Ordinal);

    [Fact]
    public void IdentifierOfAnotherKeyAuthorization_IsRefused() =>
        Assert.Contains("another key authorization", Objection(ChallengeCertificates.Make(Host, request => request.CertificateExtensions.Add(ChallengeCertificates.Identifier("other")))), StringComparison.Ordinal);

    [Fact]
    public void IdentifierOfTheWrongLength_IsRefused() =>
        Assert.NotNull(Objection(ChallengeCertificates.Make(Host, request => request.CertificateExtensions.Add(ChallengeCertificates.Identifier(new byte[31])))));

    [Theory]
    [InlineData("")]
    [InlineData("FF")]
    [InlineData("0402AABBCC")]
    [InlineData("3003020101")]
    public void IdentifierThatIsNoOctetString_IsRefused(string hex) =>
        Assert.NotNull(Objection(ChallengeCertificates.Make(Host, request => request.CertificateExtensions.Add(ChallengeCertificates.Raw(Convert.FromHexString(hex))))));

    [Fact]
    public void CertificateThatAnotherIssued_IsRefused()
    {
        using var portal = new TestChain();
        Assert.Contains("not self-signed", ChallengeCertificate.FindObjection(portal.Issued(Host, ChallengeCertificates.Identifier(Task.KeyAuthorization)), Task.Identifier, Task.KeyAuthorization), StringComparison.Ordinal);
    }

    [Fact]
    public void Garbage_IsRefused()
    {
        using var good = ChallengeCertificates.Make(Host, Right);
        var numbers = new SeededNumbers(5);
        for (var i = 0; i < 3000; i++)
        {
            byte[] spoilt = [.. good.RawData];
            spoilt[numbers.Below(spoilt.Length)] ^= (byte)(1 + numbers.Below(255));
            ChallengeCertificate.FindObjection(i % 2 == 0 ? spoilt : spoilt[..numbers.Below(spoilt.Length)], Task.Identifier, Task.KeyAuthorization);
        }
    }

    private static void Right(CertificateRequest request) => request.CertificateExtensions.Add(ChallengeCertificates.Identifier(Task.KeyAuthorization));

    private static string? Objection(X509Certificate2 certificate, AcmeIdentifier? identifier = null)
    {
        using (certificate) return ChallengeCertificate.FindObjection(certificate.RawData, identifier ?? Task.Identifier, Task.KeyAuthorization);
    }
}
