using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Authority;

[Trait("Category", "Unit")]
public sealed class IssuingTests
{
    [Fact]
    public async Task Issue_MakesACertificateThatChainsToTheRoot_WhenThePersonsOrderIsFine()
    {
        await using var portal = await TestPortal.StartAsync();
        await using var db = portal.NewDb();
        var certificate = portal.Get<CertificateAuthority>().Issue(db, Orders.Person(portal), Actor.System("test"));
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);

        using var x509 = X509CertificateLoader.LoadCertificate(certificate.Der);
        Assert.True(Orders.ChainsUp(portal, x509, Issuers.People));
        Assert.Equal("DC=org, DC=starportal, O=Example Lab, CN=Zoe Miller 0001", certificate.Subject);
        Assert.Equal(1, await db.IssuedCertificates.CountAsync(row => row.SourceKey == certificate.SourceKey, TestContext.Current.CancellationToken));
    }
}
