using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Acme;
using StarPortal.Core.Authority;
using StarPortal.Core.Shared;

namespace StarPortal.Tests.Acme;

/// <summary>revokeCert (RFC 8555 7.6) and renewal information (RFC 9773).</summary>
[Trait("Category", "Unit")]
public sealed class AcmeRevocationTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AccountThatOrderedIt_Revokes_Once()
    {
        await using var scene = await OrderScene.StartAsync();
        var caller = await scene.AddAccountAsync();
        var certificate = await IssueAsync(scene, caller, "a.lab.example.org");
        await RevokeAsync(scene, caller, certificate, RevocationReason.Superseded);
        await OrderScene.RefusedAsync(AcmeProblemType.AlreadyRevoked, () => RevokeAsync(scene, caller, certificate, RevocationReason.Unspecified));
        Assert.Equal(RevocationReason.Superseded, (await ReadAsync(scene, certificate)).RevocationReason);
    }

    [Fact]
    public async Task AnotherAccount_MayNot_UntilItHoldsAuthorizationsForAllNames()
    {
        await using var scene = await OrderScene.StartAsync();
        var (caller, other) = (await scene.AddAccountAsync(), await scene.AddAccountAsync());
        var view = await scene.FinalizeAsync(caller, await scene.ReadyAsync(caller, "a.example.org", "*.b.example.org"));
        var certificate = await FindAsync(scene, view);
        await OrderScene.RefusedAsync(AcmeProblemType.Unauthorized, () => RevokeAsync(scene, other, certificate, RevocationReason.Unspecified));
        await scene.ReadyAsync(other, "a.example.org", "b.example.org");
        await OrderScene.RefusedAsync(AcmeProblemType.Unauthorized, () => RevokeAsync(scene, other, certificate, RevocationReason.Unspecified));
        await scene.ReadyAsync(other, "*.b.example.org");
        await RevokeAsync(scene, other, certificate, RevocationReason.Unspecified);
    }

    [Fact]
    public async Task CertificatesKey_Revokes_AndIsNeverCertifiedAgain()
    {
        await using var scene = await OrderScene.StartAsync();
        var caller = await scene.AddAccountAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var csr = OrderScene.Csr(key, "", "a.lab.example.org");
        var certificate = await FindAsync(scene, await scene.FinalizeAsync(caller, await scene.OrderAsync(caller, "a.lab.example.org"), csr));
        var service = scene.Portal.Get<AcmeRevocation>();
        var asked = new RevocationAsked(certificate.Der, RevocationReason.KeyCompromise);
        await OrderScene.RefusedAsync(AcmeProblemType.Unauthorized, () => service.RevokeAsync(null, caller.KeyHash, asked, caller.Actor, Ct));
        await service.RevokeAsync(null, certificate.KeyHash, asked, caller.Actor, Ct);
        var next = await scene.OrderAsync(caller, "a.lab.example.org");
        await OrderScene.RefusedAsync(AcmeProblemType.BadCsr, () => scene.FinalizeAsync(caller, next, csr));
    }

    [Theory]
    [InlineData("2")]
    [InlineData("6")]
    [InlineData("7")]
    [InlineData("8")]
    [InlineData("10")]
    [InlineData("11")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("\"1\"")]
    [InlineData("null")]
    public void Reason_ThatAClientCannotGive_IsBad(string reason)
    {
        using var payload = JsonDocument.Parse($$"""{"certificate":"MAA","reason":{{reason}}}""");
        Assert.Equal(AcmeProblemType.BadRevocationReason, Assert.Throws<AcmeException>(() => RevocationAsked.Read(payload.RootElement)).Type);
    }

    [Fact]
    public async Task CertificateOfAnotherIssuer_IsNotFound()
    {
        await using var scene = await OrderScene.StartAsync();
        var caller = await scene.AddAccountAsync();
        var certificate = await IssueAsync(scene, caller, "a.lab.example.org");
        var changed = certificate.Der.ToArray();
        changed[^1] ^= 1;
        foreach (var der in new[] { changed, [], [0x30, 0x00], scene.Portal.Get<CertificateAuthority>().ChainOf(Issuers.Servers)[0].RawData })
            Assert.Equal(404, (await OrderScene.RefusedAsync(AcmeProblemType.Malformed, () => scene.Portal.Get<AcmeRevocation>().RevokeAsync(caller.Account, caller.KeyHash, new(der, RevocationReason.Unspecified), caller.Actor, Ct))).Status);
    }

    /// <summary>RFC 9773 4.2.</summary>
    [Fact]
    public async Task Window_IsInTheLastThird_AndAtOnceWhenRevoked()
    {
        await using var scene = await OrderScene.StartAsync();
        var caller = await scene.AddAccountAsync();
        var certificate = await IssueAsync(scene, caller, "a.lab.example.org");
        var window = await WindowAsync(scene, certificate);
        Assert.True(scene.Now < window.Start && window.Start < window.End && window.End < certificate.NotAfter);
        await RevokeAsync(scene, caller, certificate, RevocationReason.Unspecified);
        var shifted = await WindowAsync(scene, certificate);
        Assert.True(shifted.Start < shifted.End && shifted.End <= scene.Now);
    }

    [Fact]
    public async Task MassEvent_ShiftsTheWindowsOfThoseItConcerns_UntilItIsCalledOff()
    {
        await using var scene = await OrderScene.StartAsync();
        var caller = await scene.AddAccountAsync();
        var admin = await scene.Portal.AddAdministratorAsync();
        var (hit, spared) = (await IssueAsync(scene, caller, "a.lab.example.org"), await IssueAsync(scene, caller, "other.x.lab.example.org"));
        var usual = await WindowAsync(scene, hit);
        var events = scene.Portal.Get<MassEventService>();
        var scope = new MassEventScope(scene.Now.AddDays(-1), scene.Now.AddMinutes(1), Suffix: "a.lab.example.org");
        Assert.Equal(1, await events.CountAsync(scope, admin, Ct));
        var declared = await events.DeclareAsync(scope, TimeSpan.FromHours(4), "https://example.org/why", "test", admin, Ct);
        Assert.Equal((scene.Now, scene.Now.AddHours(4), "https://example.org/why"), ((await WindowAsync(scene, hit)).Start, (await WindowAsync(scene, hit)).End, (await WindowAsync(scene, hit)).ExplanationUrl));
        Assert.True((await WindowAsync(scene, spared)).Start > scene.Now);
        await events.EndAsync(declared.Id, admin, Ct);
        Assert.Equal(usual, await WindowAsync(scene, hit));
    }

    /// <summary>What is counted before is what is concerned after: names that only contain the domain are not.</summary>
    [Theory]
    [InlineData("a.lab.example.org", 2)]
    [InlineData("*.A.lab.example.org", 2)]
    [InlineData("b.a.lab.example.org", 1)]
    [InlineData("lab.example.org", 3)]
    [InlineData("lab.example", 0)]
    [InlineData("*", 3)]
    public async Task MassEvent_Concerns_AsManyAsWereCounted(string suffix, int expected)
    {
        await using var scene = await OrderScene.StartAsync();
        var (caller, admin) = (await scene.AddAccountAsync(), await scene.Portal.AddAdministratorAsync());
        List<IssuedCertificate> certificates = [];
        foreach (var name in new[] { "a.lab.example.org", "b.a.lab.example.org", "xa.lab.example.org" }) certificates.Add(await IssueAsync(scene, caller, name));
        var (events, scope) = (scene.Portal.Get<MassEventService>(), new MassEventScope(scene.Now.AddDays(-1), scene.Now.AddMinutes(1), Suffix: suffix));
        Assert.Equal(expected, await events.CountAsync(scope, admin, Ct));
        await events.DeclareAsync(scope, TimeSpan.FromHours(4), null, "test", admin, Ct);
        var shifted = 0;
        foreach (var certificate in certificates) shifted += (await WindowAsync(scene, certificate)).Start <= scene.Now ? 1 : 0;
        Assert.Equal(expected, shifted);
    }

    [Fact]
    public async Task MassEvent_IsDeclaredByAdministratorsOnly()
    {
        await using var scene = await OrderScene.StartAsync();
        var somebody = await scene.Portal.AddPersonAsync(PortalRole.Subscriber, organisation: null);
        await Assert.ThrowsAsync<ServiceException>(() => scene.Portal.Get<MassEventService>().DeclareAsync(new(scene.Now, scene.Now.AddDays(1)), TimeSpan.FromHours(1), null, "x", somebody, Ct));
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("AAAA.AAAA")]
    [InlineData("a.b.c")]
    [InlineData("%00.%00")]
    public async Task Window_OfNoCertificate_IsNotFound(string id)
    {
        await using var scene = await OrderScene.StartAsync();
        Assert.Equal(404, (await OrderScene.RefusedAsync(AcmeProblemType.Malformed, () => scene.Portal.Get<RenewalInfoService>().GetAsync(id, Ct))).Status);
    }

    private static async Task<IssuedCertificate> IssueAsync(OrderScene scene, AcmeCaller caller, string name) =>
        await FindAsync(scene, await scene.FinalizeAsync(caller, await scene.OrderAsync(caller, name)));

    private static async Task<IssuedCertificate> FindAsync(OrderScene scene, OrderView view)
    {
        await using var db = scene.Portal.NewDb();
        return await db.IssuedCertificates.AsNoTracking().SingleAsync(certificate => certificate.SourceKey == view.Order.SourceKey, Ct);
    }

    private static async Task<IssuedCertificate> ReadAsync(OrderScene scene, IssuedCertificate certificate)
    {
        await using var db = scene.Portal.NewDb();
        return await db.IssuedCertificates.AsNoTracking().SingleAsync(found => found.Id == certificate.Id, Ct);
    }

    private static Task RevokeAsync(OrderScene scene, AcmeCaller caller, IssuedCertificate certificate, RevocationReason reason) =>
        scene.Portal.Get<AcmeRevocation>().RevokeAsync(caller.Account, caller.KeyHash, new RevocationAsked(certificate.Der, reason), caller.Actor, Ct);

    private static Task<RenewalWindow> WindowAsync(OrderScene scene, IssuedCertificate certificate) =>
        scene.Portal.Get<RenewalInfoService>().GetAsync(scene.Portal.Get<CertificateIds>().Write(certificate.SerialNumber), Ct);
}
