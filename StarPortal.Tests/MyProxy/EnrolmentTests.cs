using System.Security.Cryptography.X509Certificates;
using StarPortal.Core.Authority;
using StarPortal.Core.Shared;
using StarPortal.Tests.Authority;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.MyProxy;

/// <summary>A certificate that grid clients could not use is not issued in the first place.</summary>
[Trait("Category", "Unit")]
public sealed class EnrolmentTests
{
    private const string RsaPkcs1Sha256 = "1.2.840.113549.1.1.11";

    /// <summary>The C clients cut a chain at these letters, wherever they stand in it.</summary>
    [Theory]
    [InlineData("FullName", "Zoe VERSION", "Example Lab")]
    [InlineData("FullName", "Zoe ＶＥＲＳＩＯＮ", "Example Lab")]
    [InlineData("Organisation", "Zoe Miller", "CONVERSION Lab")]
    [InlineData("FullName", "Miller, Zoe", "Example Lab")]
    [InlineData("FullName", "Zoe/CN=Admin", "Example Lab")]
    [InlineData("FullName", @"Zoe\Admin", "Example Lab")]
    [InlineData("Organisation", "Zoe Miller", "A/B")]
    public async Task Person_IsRefusedBesideTheField_WhenClientsCouldNotCarryTheName(string field, string name, string organisation)
    {
        await using var portal = await TestPortal.StartAsync();
        var profile = portal.Get<IssuanceProfiles>().Get(IssuanceProfiles.Person);
        var error = Assert.Throws<ServiceException>(() => profile.RenderSubject(Orders.Zoe(name) with { Organisation = organisation }));
        Assert.Equal(field, error.Field);
    }

    [Fact]
    public async Task Person_IsRefused_WhenTheLettersStandInTheAddress()
    {
        await using var portal = await TestPortal.StartAsync();
        var order = Orders.Person(portal) with { Names = [SubjectAlternativeName.Email("VERSION@example.org")] };
        var finding = Assert.Single(portal.Get<CertificateAuthority>().Preview(order).Findings);
        Assert.Equal((FindingCodes.CertificateMyProxy, FindingSeverity.Block), (finding.Code, finding.Severity));
    }

    [Theory]
    [InlineData("R+D")]
    [InlineData("A/B")]
    [InlineData(@"A\B")]
    public async Task Person_IsRefused_WhenToolsWriteTheNameInDifferentWays(string organisation)
    {
        await using var portal = await TestPortal.StartAsync();
        var order = Orders.Person(portal) with { Subject = DistinguishedName.Of([new(NameAttributeType.FindByName("O")!, organisation), new(NameAttributeType.FindByName("CN")!, "Zoe")]) };
        var finding = Assert.Single(portal.Get<CertificateAuthority>().Preview(order).Findings);
        Assert.Equal((FindingCodes.CertificateMyProxy, FindingSeverity.Block), (finding.Code, finding.Severity));
        Assert.Contains("MyProxy", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(IssuanceProfiles.Person, KeyAlgorithm.Rsa2048)]
    [InlineData(IssuanceProfiles.Person, KeyAlgorithm.EcdsaP256)]
    [InlineData(IssuanceProfiles.Officer, KeyAlgorithm.Rsa3072)]
    public async Task Person_IsCertifiedWithRsaPkcs1_WhateverTheKey(string profile, KeyAlgorithm key)
    {
        await using var portal = await TestPortal.StartAsync();
        var files = await IssuedFiles.IssueAsync(portal, Orders.Person(portal, key: Orders.MakeKey(key)) with { Profile = profile });
        using var certificate = X509CertificateLoader.LoadCertificate(files.Certificate.Der);
        Assert.Equal(RsaPkcs1Sha256, certificate.SignatureAlgorithm.Value);
    }
}
