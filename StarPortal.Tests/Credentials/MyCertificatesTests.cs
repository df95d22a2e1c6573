using StarPortal.Core.Credentials;
using StarPortal.Core.Data;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Credentials;

[Trait("Category", "Unit")]
public sealed class MyCertificatesTests
{
    [Theory]
    [MemberData(nameof(TestDatabase.Providers), MemberType = typeof(TestDatabase))]
    public async Task List_HasOnesOwnAndSaysWhetherTheKeyIsHere_OnEachProvider(DatabaseProvider provider)
    {
        await using var portal = await TestPortal.StartAsync(provider: provider);
        var withKey = await CertifiedPerson.AddAsync(portal);
        var withoutKey = await CertifiedPerson.AddAsync(portal, storesKey: false);
        var mine = portal.Get<MyCertificates>();

        Assert.True(Assert.Single(await mine.ListAsync(withKey.Actor, TestContext.Current.CancellationToken)).HasKey);
        Assert.False(Assert.Single(await mine.ListAsync(withoutKey.Actor, TestContext.Current.CancellationToken)).HasKey);
    }
}
