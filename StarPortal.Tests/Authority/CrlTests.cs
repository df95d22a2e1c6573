using System.Numerics;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Authority;

[Trait("Category", "Unit")]
public sealed class CrlTests
{
    public static TheoryData<DatabaseProvider> Providers => TestDatabase.Providers;

    [Theory, MemberData(nameof(Providers))]
    public async Task Crl_ListsTheCertificateWithAHigherNumber_RightAfterItsRevocation(DatabaseProvider provider)
    {
        await using var portal = await TestPortal.StartAsync(provider: provider);
        var before = await CurrentAsync(portal);
        var files = await IssuedFiles.IssueAsync(portal, Orders.Person(portal));
        await IssuedFiles.RevokeAsync(portal, files.Certificate);
        var after = await CurrentAsync(portal);

        Assert.Equal((before.Number + 1, 1), (after.Number, after.EntryCount));
        Assert.True(Load(after, out var number).RemoveEntry(X509CertificateLoader.LoadCertificate(files.Certificate.Der).SerialNumberBytes.Span));
        Assert.Equal(after.Number, (long)number);
    }

    [Fact]
    public async Task Crl_IsSignedOnce_WhenManyAreRevokedInOneUnitOfWork()
    {
        await using var portal = await TestPortal.StartAsync();
        var before = await CurrentAsync(portal);
        await using (var db = portal.NewDb())
        {
            foreach (var number in Enumerable.Range(0, 20))
            {
                var certificate = portal.Get<CertificateAuthority>().Issue(db, Orders.Person(portal, $"Person {(char)('A' + number)}"), Actor.System("test"));
                portal.Get<CertificateAuthority>().Revoke(db, certificate, RevocationReason.Superseded, Actor.System("test"));
            }

            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        await portal.DrainOutboxAsync();
        var after = await CurrentAsync(portal);
        Assert.Equal((before.Number + 1, 20), (after.Number, after.EntryCount));
    }

    [Fact]
    public async Task Job_SignsTheNextCrl_WhenHalfOfTheTimeHasPassed()
    {
        await using var portal = await TestPortal.StartAsync();
        var first = await CurrentAsync(portal);
        await portal.Get<CrlJob>().RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(first.Number, (await CurrentAsync(portal)).Number);

        portal.Clock.Advance(TimeSpan.FromDays(3.6));
        await portal.Get<CrlJob>().RunAsync(TestContext.Current.CancellationToken);
        var second = await CurrentAsync(portal);
        Assert.Equal(first.Number + 1, second.Number);
        Assert.Equal(TimeSpan.FromDays(7), second.NextUpdate - second.ThisUpdate);
    }

    [Fact]
    public async Task Crl_ForgetsACertificate_OnlyAfterItWasListedBeyondItsEnd()
    {
        await using var portal = await TestPortal.StartAsync();
        var files = await IssuedFiles.IssueAsync(portal, Orders.Person(portal));
        await IssuedFiles.RevokeAsync(portal, files.Certificate);
        portal.Clock.SetTo(files.Certificate.NotAfter.AddDays(1));
        Assert.Equal(1, (await portal.Get<CrlPublisher>().PublishAsync(Issuers.People, TestContext.Current.CancellationToken)).EntryCount);
        portal.Clock.Advance(TimeSpan.FromDays(8));
        Assert.Equal(0, (await portal.Get<CrlPublisher>().PublishAsync(Issuers.People, TestContext.Current.CancellationToken)).EntryCount);
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task Numbers_GrowWithoutAGap_WhenNodesPublishAtOnce(DatabaseProvider provider)
    {
        await using var portal = await TestPortal.StartAsync(provider: provider);
        var first = await CurrentAsync(portal);
        var crls = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => portal.Get<CrlPublisher>().PublishAsync(Issuers.People, TestContext.Current.CancellationToken))));
        Assert.Equal(Enumerable.Range(1, 4).Select(step => first.Number + step), crls.Select(crl => crl.Number).Order());
        await using var db = portal.NewDb();
        Assert.True(await db.PublishedCrls.CountAsync(crl => crl.Issuer == Issuers.People, TestContext.Current.CancellationToken) <= 5);
    }

    [Fact]
    public async Task Revoke_SaysThatItIsDoneAlready_WhenItIs()
    {
        await using var portal = await TestPortal.StartAsync();
        var files = await IssuedFiles.IssueAsync(portal, Orders.Person(portal));
        await IssuedFiles.RevokeAsync(portal, files.Certificate, RevocationReason.Superseded);
        var error = await Assert.ThrowsAsync<ServiceException>(() => IssuedFiles.RevokeAsync(portal, files.Certificate, RevocationReason.KeyCompromise));
        Assert.Equal(ErrorKind.Conflict, error.Kind);
    }

    [Fact]
    public async Task Shelf_ShowsWhatAnotherNodePublished_WithinSeconds()
    {
        await using var portal = await TestPortal.StartAsync();
        var other = new CrlShelf(portal.Get<IDbContextFactory<PortalDbContext>>(), portal.Clock);
        var before = (await other.FindAsync(Issuers.People, TestContext.Current.CancellationToken))!;
        await portal.Get<CrlPublisher>().PublishAsync(Issuers.People, TestContext.Current.CancellationToken);
        portal.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(before.Number + 1, (await other.FindAsync(Issuers.People, TestContext.Current.CancellationToken))!.Number);
    }

    [Fact]
    public async Task Door_ServesTheCrlAndAnswersNotModified_WhenTheClientHasItAlready()
    {
        await using var portal = await TestPortal.StartAsync();
        await using var pki = await PkiListener.StartAsync(portal);
        using var first = await pki.Http.GetAsync("/pki/crl/people.crl", TestContext.Current.CancellationToken);
        Assert.Equal(("application/pkix-crl", 300), (first.Content.Headers.ContentType!.MediaType, first.Headers.CacheControl!.MaxAge!.Value.TotalSeconds));

        using var again = new HttpRequestMessage(HttpMethod.Get, "/pki/crl/people.crl");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        Assert.Equal(System.Net.HttpStatusCode.NotModified, (await pki.Http.SendAsync(again, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await pki.Http.GetAsync("/pki/crl/other.crl", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Theory]
    [InlineData("/pki/root.pem", "application/x-pem-file")]
    [InlineData("/pki/root.cer", "application/pkix-cert")]
    [InlineData("/pki/people.cer", "application/pkix-cert")]
    [InlineData("/pki/servers.cer", "application/pkix-cert")]
    public async Task Door_ServesTheCertificate_WithItsType(string path, string type)
    {
        await using var portal = await TestPortal.StartAsync();
        await using var pki = await PkiListener.StartAsync(portal);
        using var answer = await pki.Http.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(type, answer.Content.Headers.ContentType!.MediaType);
        var content = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        using var certificate = type == "application/pkix-cert" ? X509CertificateLoader.LoadCertificate(content) : X509Certificate2.CreateFromPem(System.Text.Encoding.ASCII.GetString(content));
        Assert.Contains("StarPortal", certificate.Subject, StringComparison.Ordinal);
    }

    private static async Task<PublishedCrl> CurrentAsync(TestPortal portal) => (await portal.Get<CrlShelf>().FindAsync(Issuers.People, TestContext.Current.CancellationToken))!;

    private static CertificateRevocationListBuilder Load(PublishedCrl crl, out BigInteger number) => CertificateRevocationListBuilder.Load(crl.Der, out number);
}
