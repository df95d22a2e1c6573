using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Authority;

[Trait("Category", "Unit")]
public sealed class CertificateSearchTests
{
    public static TheoryData<DatabaseProvider> Providers => TestDatabase.Providers;

    [Theory, MemberData(nameof(Providers))]
    public async Task Search_FindsByPartOfNameAddressSerialProfileStatusAndEnd(DatabaseProvider provider)
    {
        await using var portal = await TestPortal.StartAsync(provider: provider);
        var admin = await portal.AddAdministratorAsync();
        var organisation = await portal.AddOrganisationAsync("Example Lab");
        var zoe = (await IssuedFiles.IssueAsync(portal, Orders.Person(portal) with { OrganisationId = organisation.Id })).Certificate;
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        var host = (await IssuedFiles.IssueAsync(portal, Orders.Host(portal, "www.example.org"))).Certificate;
        await IssuedFiles.RevokeAsync(portal, host);

        await AssertFoundAsync(portal, admin, new() { Text = "MILLER" }, zoe);
        await AssertFoundAsync(portal, admin, new() { Text = " www.EXAMPLE " }, host);
        await AssertFoundAsync(portal, admin, new() { Text = zoe.SerialNumber.ToString()[3..20] }, zoe);
        await AssertFoundAsync(portal, admin, new() { Text = string.Join(':', zoe.SerialNumber.ToString().Chunk(2).Select(pair => new string(pair))) }, zoe);
        await AssertFoundAsync(portal, admin, new() { Status = CertificateStatus.Revoked }, host);
        await AssertFoundAsync(portal, admin, new() { Profile = IssuanceProfiles.Person, Status = CertificateStatus.Valid }, zoe);
        await AssertFoundAsync(portal, admin, new() { OrganisationId = organisation.Id }, zoe);
        await AssertFoundAsync(portal, admin, new() { Text = "example", EndsFrom = zoe.NotAfter, EndsBefore = zoe.NotAfter.AddSeconds(1) }, zoe);
        await AssertFoundAsync(portal, admin, new() { Text = "%" });
        await AssertFoundAsync(portal, admin, new() { Text = "'; --" });
        await AssertFoundAsync(portal, admin, new() { Text = new string('x', 10_000) });
        await AssertFoundAsync(portal, admin, new() { Text = "example", Page = 2 });
        portal.Clock.SetTo(zoe.NotAfter.AddDays(1));
        await AssertFoundAsync(portal, admin, new() { Status = CertificateStatus.Expired, Profile = IssuanceProfiles.Person }, zoe);
    }

    [Fact]
    public async Task Search_PagesWithoutGapOrRepetition_NewestFirst()
    {
        await using var portal = await TestPortal.StartAsync();
        var admin = await portal.AddAdministratorAsync();
        await using (var db = portal.NewDb())
        {
            for (var number = 0; number < 120; number++)
                portal.Get<CertificateAuthority>().Issue(db, Orders.Host(portal, $"h{number}.paging.example") with { PublicKeyInfo = Orders.RsaKey }, Actor.System("test"));
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        List<SerialNumber> seen = [];
        foreach (var page in new[] { 1, 2, 3 })
        {
            var found = await portal.Get<CertificateSearch>().FindAsync(new() { Text = "paging.example", Page = page }, admin, TestContext.Current.CancellationToken);
            Assert.Equal(120, found.Total);
            seen.AddRange(found.Rows.Select(row => row.SerialNumber));
        }

        Assert.Equal(120, seen.Distinct().Count());
    }

    [Theory]
    [InlineData(PortalRole.Subscriber)]
    [InlineData(PortalRole.Officer)]
    [InlineData(PortalRole.Owner)]
    public async Task Search_IsForbidden_ForEverybodyButAdministratorsAndAuditors(PortalRole role)
    {
        await using var portal = await TestPortal.StartAsync();
        var person = await portal.AddPersonAsync(role, await portal.AddOrganisationAsync("Example Lab"));
        var error = await Assert.ThrowsAsync<ServiceException>(() => portal.Get<CertificateSearch>().FindAsync(new(), person, TestContext.Current.CancellationToken));
        Assert.Equal(ErrorKind.Forbidden, error.Kind);
        var other = await Assert.ThrowsAsync<ServiceException>(() => portal.Get<CertificateSearch>().GetAsync(SerialNumber.New(), Actor.Anonymous(), TestContext.Current.CancellationToken));
        Assert.Equal(ErrorKind.Unauthenticated, other.Kind);
    }

    [Fact]
    public async Task Get_ShowsTextAndPem_ToAnAuditor()
    {
        await using var portal = await TestPortal.StartAsync();
        var auditor = await portal.AddPersonAsync(PortalRole.Auditor, organisation: null);
        var certificate = (await IssuedFiles.IssueAsync(portal, Orders.Person(portal))).Certificate;
        var details = await portal.Get<CertificateSearch>().GetAsync(certificate.SerialNumber, auditor, TestContext.Current.CancellationToken);
        Assert.Contains("CN=Zoe Miller 0001", details.Text, StringComparison.Ordinal);
        Assert.StartsWith("-----BEGIN CERTIFICATE-----", details.Pem, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ServiceException>(() => portal.Get<CertificateSearch>().GetAsync(SerialNumber.New(), auditor, TestContext.Current.CancellationToken));
    }

    private static async Task AssertFoundAsync(TestPortal portal, Actor actor, CertificateQuery query, params IssuedCertificate[] expected)
    {
        var found = await portal.Get<CertificateSearch>().FindAsync(query, actor, TestContext.Current.CancellationToken);
        Assert.Equal(expected.Select(certificate => certificate.SerialNumber), found.Rows.Select(row => row.SerialNumber));
    }
}
