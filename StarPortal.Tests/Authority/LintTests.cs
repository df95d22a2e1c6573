using StarPortal.Core.Authority;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Authority;

[Trait("Category", "Unit")]
public sealed class LintTests
{
    [Theory]
    [InlineData(IssuanceProfiles.Person)]
    [InlineData(IssuanceProfiles.Host)]
    public async Task Preview_FindsNothingAndLooksLikeTheRealOne_WhenTheOrderIsFine(string profile)
    {
        await using var portal = await TestPortal.StartAsync();
        var order = profile == IssuanceProfiles.Person ? Orders.Person(portal) : Orders.Host(portal, "www.example.org");
        var authority = portal.Get<CertificateAuthority>();
        var preview = authority.Preview(order);
        await using var db = portal.NewDb();
        var issued = authority.Issue(db, order, Actor.System("test"));

        Assert.Empty(preview.Findings);
        Assert.Equal(WithoutSerialAndSignature(CertificateText.Render(issued.Der)), WithoutSerialAndSignature(preview.Text));
    }

    [Fact]
    public async Task Preview_ChainsToNothing_BecauseItsKeyIsThrownAway()
    {
        await using var portal = await TestPortal.StartAsync();
        using var preview = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificate(portal.Get<CertificateAuthority>().Preview(Orders.Person(portal)).Der);
        Assert.False(Orders.ChainsUp(portal, preview, Issuers.People));
    }

    public static TheoryData<string, string> HostNames => new()
    {
        { "*.example.org", FindingCodes.SanWildcard },
        { "intranet", FindingCodes.SanSingleLabel },
        { "a b.example.org", FindingCodes.SanMalformed },
        { "WWW.example.org", FindingCodes.SanMalformed },
        { "-a.example.org", FindingCodes.SanMalformed },
        { "a..example.org", FindingCodes.SanMalformed },
        { "münchen.example.org", FindingCodes.SanMalformed },
        { "a_b.example.org", FindingCodes.SanMalformed },
        { "*.*.example.org", FindingCodes.SanMalformed },
        { "127.0.0.1", FindingCodes.SanMalformed },
        { new string('a', 64) + ".example.org", FindingCodes.SanMalformed },
        { string.Concat(Enumerable.Repeat("abcdefghi.", 1000)) + "org", FindingCodes.SanMalformed },
        { "evil\u202egro.example", FindingCodes.SanMalformed },
    };

    [Theory, MemberData(nameof(HostNames))]
    public async Task Host_IsFoundFaulty_WhenANameIs(string name, string code)
    {
        await using var portal = await TestPortal.StartAsync();
        var order = Orders.Host(portal, "www.example.org");
        var findings = portal.Get<CertificateAuthority>().Preview(order with { Names = [.. order.Names, SubjectAlternativeName.Dns(name)] }).Findings;
        Assert.Equal([code], findings.Select(finding => finding.Code));
        Assert.All(findings, finding => Assert.DoesNotContain('\u202e', finding.Message));
        Assert.All(findings, finding => Assert.True(finding.Message.Length < 400));
    }

    public static TheoryData<string, string> Faults => new()
    {
        { "no names", FindingCodes.SanMissing },
        { "twice", FindingCodes.SanDuplicate },
        { "too many", FindingCodes.SanTooMany },
        { "email", FindingCodes.SanType },
        { "other common name", FindingCodes.NameCommonNameNotListed },
        { "nothing", FindingCodes.NameMissing },
        { "letters", FindingCodes.CertificateMyProxy },
        { "small key", FindingCodes.KeyRsaTooSmall },
        { "not ascii", FindingCodes.NameNotAscii },
        { "two common names", FindingCodes.NameRepeated },
    };

    [Theory, MemberData(nameof(Faults))]
    public async Task Order_IsFoundFaulty_WhenOneThingIsWrong(string fault, string code)
    {
        await using var portal = await TestPortal.StartAsync();
        Assert.Contains(code, portal.Get<CertificateAuthority>().Preview(Break(portal, fault)).Findings.Select(finding => finding.Code));
    }

    [Fact]
    public async Task Issue_Refuses_WhenAFindingBlocks()
    {
        await using var portal = await TestPortal.StartAsync();
        await using var db = portal.NewDb();
        var error = Assert.Throws<ServiceException>(() => portal.Get<CertificateAuthority>().Issue(db, Break(portal, "small key"), Actor.System("test")));
        Assert.Equal((ErrorKind.Invalid, "SigningRequest"), (error.Kind, error.Field));
        Assert.Empty(db.ChangeTracker.Entries());
    }

    [Fact]
    public async Task Check_BlocksTheKeyOfSomebodyElse_AndInformsAboutOnesOwn()
    {
        await using var portal = await TestPortal.StartAsync();
        var first = Orders.Person(portal);
        await IssuedFiles.IssueAsync(portal, first);
        Assert.Equal([FindingCodes.KeyReused], await CheckAsync(portal, first));
        Assert.Contains(FindingCodes.KeyOfAnother, await CheckAsync(portal, first with { UserId = Guid.NewGuid() }));
        Assert.Contains(FindingCodes.SubjectOfAnother, await CheckAsync(portal, first with { UserId = Guid.NewGuid(), PublicKeyInfo = Orders.MakeKey(KeyAlgorithm.Rsa2048) }));
        Assert.Contains(FindingCodes.KeyOfAnother, await CheckAsync(portal, Orders.Host(portal, "www.example.org") with { PublicKeyInfo = first.PublicKeyInfo }));
    }

    [Fact]
    public async Task Check_BlocksTheKeysOfOurOwnAuthorities()
    {
        await using var portal = await TestPortal.StartAsync();
        var key = portal.Get<CertificateAuthority>().ChainOf(Issuers.People)[0].PublicKey.ExportSubjectPublicKeyInfo();
        Assert.Contains(FindingCodes.KeyOfAnother, await CheckAsync(portal, Orders.Person(portal, key: key)));
    }

    [Fact]
    public async Task Check_BlocksAKeyThatWasReportedAsCompromised_EvenForItsOwner()
    {
        await using var portal = await TestPortal.StartAsync();
        var order = Orders.Person(portal);
        await IssuedFiles.RevokeAsync(portal, (await IssuedFiles.IssueAsync(portal, order)).Certificate, RevocationReason.KeyCompromise);
        Assert.Equal([FindingCodes.KeyRevokedAsCompromised], await CheckAsync(portal, order));
    }

    [Fact]
    public async Task Validity_EndsWithTheIssuers_AndThenNothingIsIssued()
    {
        await using var portal = await TestPortal.StartAsync();
        var end = new DateTimeOffset(portal.Get<CertificateAuthority>().ChainOf(Issuers.People)[0].NotAfter.ToUniversalTime());
        portal.Clock.SetTo(end.AddDays(-10));
        Assert.Equal([FindingCodes.CertificateShortened], portal.Get<CertificateAuthority>().Preview(Orders.Person(portal)).Findings.Select(finding => finding.Code));
        portal.Clock.SetTo(end.AddDays(1));
        Assert.Contains(FindingCodes.CertificateValidity, portal.Get<CertificateAuthority>().Preview(Orders.Person(portal)).Findings.Select(finding => finding.Code));
    }

    [Theory]
    [InlineData("basic", "no CA")]
    [InlineData("usage", "keyUsage")]
    [InlineData("twice", "stands twice")]
    [InlineData("ski", "subjectKeyIdentifier")]
    [InlineData("aki", "authorityKeyIdentifier")]
    [InlineData("crl", "CRL")]
    [InlineData("san", "subjectAltName")]
    [InlineData("issuer", "issuer's name")]
    public async Task Linter_FindsTheMistake_WhenTheWriterMakesOne(string mistake, string expected)
    {
        await using var portal = await TestPortal.StartAsync();
        var draft = portal.Get<CertificateDrafts>().Make(Orders.Person(portal), portal.Clock.Now);
        var findings = CertificateLinter.Find(Spoil(draft.Content, mistake).WriteToBeSigned(draft.Issuer.SignatureAlgorithm), portal.Get<IssuanceProfiles>().Get(IssuanceProfiles.Person), draft.Issuer, portal.Clock.Now);
        Assert.Contains(findings, finding => finding.Code == FindingCodes.CertificateProfile && finding.Message.Contains(expected, StringComparison.Ordinal));
    }

    private static CertificateContent Spoil(CertificateContent content, string mistake)
    {
        IReadOnlyList<CertificateExtension> Change(string oid, Func<CertificateExtension, IEnumerable<CertificateExtension>> change) =>
            [.. content.Extensions.SelectMany(extension => extension.Oid == oid ? change(extension) : [extension])];

        return mistake switch
        {
            "basic" => content with { Extensions = Change(CertificateExtensions.BasicConstraintsOid, _ => [CertificateExtensions.Authority(null)]) },
            "usage" => content with { Extensions = Change(CertificateExtensions.KeyUsageOid, usage => [usage with { Critical = false }]) },
            "twice" => content with { Extensions = Change(CertificateExtensions.ExtendedKeyUsageOid, usage => [usage, usage]) },
            "ski" => content with { Extensions = Change(CertificateExtensions.SubjectKeyIdentifierOid, _ => [CertificateExtensions.SubjectKeyIdentifier(new byte[20])]) },
            "aki" => content with { Extensions = Change(CertificateExtensions.AuthorityKeyIdentifierOid, _ => [CertificateExtensions.AuthorityKeyIdentifier(new byte[20])]) },
            "crl" => content with { Extensions = Change(CertificateExtensions.CrlDistributionPointsOid, _ => []) },
            "san" => content with { Extensions = Change(CertificateExtensions.SubjectAlternativeNameOid, names => [names with { Critical = true }]) },
            _ => content with { Issuer = DistinguishedName.Parse("CN=Somebody").Encoded },
        };
    }

    private static IssuanceOrder Break(TestPortal portal, string fault)
    {
        var (person, host) = (Orders.Person(portal), Orders.Host(portal, "www.example.org"));
        using var small = System.Security.Cryptography.RSA.Create(1024);
        return fault switch
        {
            "no names" => host with { Names = [] },
            "twice" => host with { Names = [.. host.Names, .. host.Names] },
            "too many" => host with { Names = [.. Enumerable.Range(0, 101).Select(number => SubjectAlternativeName.Dns($"h{number}.example.org"))] },
            "email" => host with { Names = [.. host.Names, SubjectAlternativeName.Email("a@example.org")] },
            "other common name" => host with { Subject = DistinguishedName.Parse("CN=ftp.example.org") },
            "nothing" => person with { Subject = DistinguishedName.Empty, Names = [] },
            "letters" => person with { Names = [SubjectAlternativeName.Email("VERSION@example.org")] },
            "small key" => person with { PublicKeyInfo = small.ExportSubjectPublicKeyInfo() },
            "not ascii" => person with { Subject = DistinguishedName.Parse("CN=Zoë") },
            _ => person with { Subject = DistinguishedName.Parse("CN=a, CN=b") },
        };
    }

    private static async Task<IEnumerable<string>> CheckAsync(TestPortal portal, IssuanceOrder order) =>
        (await portal.Get<CertificateAuthority>().CheckAsync(order, TestContext.Current.CancellationToken)).Select(finding => finding.Code);

    private static IEnumerable<string> WithoutSerialAndSignature(string text) => text[..text.LastIndexOf("Signature Algorithm", StringComparison.Ordinal)].Split('\n').Where(line => line.Count(character => character == ':') < 10);
}
