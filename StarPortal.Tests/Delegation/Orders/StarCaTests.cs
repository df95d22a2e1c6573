using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Delegation;
using StarPortal.Core.Star;

namespace StarPortal.Tests.Delegation;

/// <summary>Order2 at another CA that has STAR (RFC 9115 2.3.2.1): a second StarPortal.</summary>
[Trait("Category", "Unit")]
public sealed class StarCaTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Order2_HasIdentifiersAndPeriodsOfOrder1_AndItsUrlIsHandedOn_UntilTheOwnerCancels()
    {
        await using var ca = await OtherCa.StartAsync();
        await using var owner = await ca.StartOwnerAsync();
        using var ndc = await owner.NewNdcAsync();
        var asked = owner.StarOrder(await owner.DelegateAsync(OtherCa.Terms()));
        var start = owner.Portal.Clock.Now.AddHours(2);
        (asked["auto-renewal"]!["start-date"], asked["auto-renewal"]!["lifetime-adjust"]) = (DelegationScene.Text(start), 600);
        var valid = await owner.IssueAsync(ndc, asked);
        Assert.Equal("valid", (string?)valid.Json["status"]);
        var url = (string)valid.Json["star-certificate"]!;
        Assert.StartsWith($"{ca.Portal.BaseUrl}acme/star/", url, StringComparison.Ordinal);

        await using var db = ca.Portal.NewDb();
        var star = await db.StarOrders.AsNoTracking().SingleAsync(Ct);
        Assert.Equal(($"dns:{DelegationScene.Name}", start, owner.Portal.Clock.Now.AddDays(90), 86_400, 600, true), (star.Names, star.StartDate, star.EndDate, star.Lifetime, star.LifetimeAdjust, star.AllowCertificateGet));
        var first = await ca.Portal.Client.GetStringAsync(url, Ct);
        await ca.PassAsync(owner, TimeSpan.FromHours(20));
        Assert.NotEqual(first, await ca.Portal.Client.GetStringAsync(url, Ct));

        await owner.Portal.Get<DelegatedOrderDecisions>().CancelAsync((await owner.OnlyOrderAsync()).Id, "", owner.Owner, Ct);
        await owner.WorkAsync();
        Assert.Equal(StarOrderStatus.Canceled, await db.StarOrders.AsNoTracking().Select(order => order.Status).SingleAsync(Ct));
        Assert.Equal("canceled", (string?)(await ndc.AskAsync(valid.Location!)).Json["status"]);
        Assert.Equal((1, 1), (ca.CountOf("POST /acme/new-order"), ca.CountOf("POST /acme/order/finalize")));
    }

    /// <summary>2.3.2.1: what the CA does not reflect it does not grant: Order1 is invalid and says why.</summary>
    [Fact]
    public async Task Order1_IsInvalid_AndDeniesGet_WhenTheCaDoesNotReflectIt()
    {
        await using var ca = await OtherCa.StartAsync();
        await using var owner = await ca.StartOwnerAsync();
        ca.Play = (name, http, next) => name.StartsWith("POST /acme/new-order", StringComparison.Ordinal) ? OtherCa.RewriteAsync(http, next, body => body.Replace("\"allow-certificate-get\":true", "\"allow-certificate-get\":false", StringComparison.Ordinal)) : next();
        using var ndc = await owner.NewNdcAsync();
        var order = await owner.IssueAsync(ndc, owner.StarOrder(await owner.DelegateAsync(OtherCa.Terms())));
        Assert.Equal(("invalid", false), ((string?)order.Json["status"], (bool)order.Json["auto-renewal"]!["allow-certificate-get"]!));
        Assert.Equal(0, ca.CountOf("POST /acme/order/finalize"));
    }

    /// <summary>2.3.3, 2.3.5: the CA's URL, where it lets anybody fetch.</summary>
    [Fact]
    public async Task SingleOrder_HasTheCertificateUrlOfTheCa_AndIsRevokedThere()
    {
        await using var ca = await OtherCa.StartAsync();
        await using var owner = await ca.StartOwnerAsync();
        using var ndc = await owner.NewNdcAsync();
        var valid = await owner.IssueAsync(ndc, owner.SingleOrder(await owner.DelegateAsync(OtherCa.Terms() with { MaxValidity = 24 * 100 })));
        var url = (string)valid.Json["certificate"]!;
        Assert.StartsWith($"{ca.Portal.BaseUrl}acme/certificate/", url, StringComparison.Ordinal);
        Assert.Contains("BEGIN CERTIFICATE", await ca.Portal.Client.GetStringAsync(url, Ct), StringComparison.Ordinal);
        await owner.Portal.Get<DelegatedOrderDecisions>().CancelAsync((await owner.OnlyOrderAsync()).Id, "", owner.Owner, Ct);
        await owner.WorkAsync();
        Assert.Equal(1, ca.CountOf("POST /acme/revoke-cert"));
        await using var db = ca.Portal.NewDb();
        Assert.NotNull(await db.IssuedCertificates.Where(certificate => certificate.SourceKey!.StartsWith("acme-order:")).Select(certificate => certificate.RevokedAt).SingleAsync(Ct));
    }

    /// <summary>The order was finalized, and what came of it was lost with the owner's cancellation: it is ended there all the same.</summary>
    [Fact]
    public async Task Order_ThatIsCanceledWhileTheCaIssues_IsCanceledThere()
    {
        await using var ca = await OtherCa.StartAsync();
        await using var owner = await ca.StartOwnerAsync();
        await owner.DelegateAsync(OtherCa.Terms());
        var isProcessing = true;
        ca.Play = async (name, http, next) =>
        {
            if (name == "POST /acme/order/finalize") await owner.Portal.Get<DelegatedOrderDecisions>().CancelAsync((await owner.OnlyOrderAsync()).Id, "", owner.Owner, Ct);
            if (name == "POST /acme/order" && isProcessing) await OtherCa.RewriteAsync(http, next, body => body.Replace("\"valid\"", "\"processing\"", StringComparison.Ordinal));
            else await next();
        };
        await owner.RegisterAndWaitAsync();
        Assert.True((await owner.OnlyOrderAsync()).IsCancelPending);
        isProcessing = false;
        await ca.PassAsync(owner, TimeSpan.FromMinutes(1));
        Assert.False((await owner.OnlyOrderAsync()).IsCancelPending);
        await using var db = ca.Portal.NewDb();
        Assert.Equal(StarOrderStatus.Canceled, await db.StarOrders.Select(order => order.Status).SingleAsync(Ct));
    }

    [Fact]
    public async Task Cancellation_OfWhatIsOverAtTheCa_IsDone()
    {
        await using var ca = await OtherCa.StartAsync();
        await using var owner = await ca.StartOwnerAsync();
        await owner.DelegateAsync(OtherCa.Terms());
        await owner.RegisterAndWaitAsync();
        ca.Play = (name, http, next) => name == "POST /acme/order" && http.Request.ContentLength > 600 ? OtherCa.RefuseAsync(http, 400, "autoRenewalCancellationInvalid") : next();
        await owner.Portal.Get<DelegatedOrderDecisions>().CancelAsync((await owner.OnlyOrderAsync()).Id, "", owner.Owner, Ct);
        await owner.WorkAsync();
        Assert.False((await owner.OnlyOrderAsync()).IsCancelPending);
    }

    [Fact]
    public async Task AccountKey_IsRolledOver_AlsoWhenTheOutcomeWasLost_AndWorkGoesOn()
    {
        await using var ca = await OtherCa.StartAsync();
        await using var owner = await ca.StartOwnerAsync();
        await owner.DelegateAsync(OtherCa.Terms());
        Assert.Equal("valid", (string?)(await owner.RegisterAndWaitAsync())["status"]);
        var access = owner.Portal.Get<UpstreamBook>().FindAccess(OtherCa.Upstream)!;
        await access.ChangeKeyAsync(Ct);
        Assert.Equal("valid", (string?)(await owner.RegisterAndWaitAsync(DelegationScene.Registration()))["status"]);

        // The CA has the new key, and its answer is lost: both keys are kept until it has been asked.
        ca.Play = async (name, http, next) =>
        {
            await next();
            if (name == "POST /acme/key-change") http.Abort();
        };
        await Assert.ThrowsAsync<UpstreamException>(() => access.ChangeKeyAsync(Ct));
        await using var db = owner.Portal.NewDb();
        var before = await db.Set<UpstreamRegistration>().AsNoTracking().SingleAsync(Ct);
        Assert.NotNull(before.NextSealedKey);
        Assert.Equal("valid", (string?)(await owner.RegisterAndWaitAsync(DelegationScene.Registration()))["status"]);
        var after = await db.Set<UpstreamRegistration>().AsNoTracking().SingleAsync(Ct);
        Assert.Equal(before.NextSealedKey, after.SealedKey);
        Assert.Equal((null, owner.Portal.Clock.Now), (after.NextSealedKey, after.KeyChangedAt));
        Assert.Equal(before.AccountUrl, after.AccountUrl);

        // It never heard of the new key: the old one goes on.
        ca.Play = (name, http, next) => name == "POST /acme/key-change" ? OtherCa.RefuseAsync(http, 503, "serverInternal") : next();
        await Assert.ThrowsAsync<UpstreamException>(() => access.ChangeKeyAsync(Ct));
        Assert.Equal("valid", (string?)(await owner.RegisterAndWaitAsync(DelegationScene.Registration()))["status"]);
        Assert.Equal(after.SealedKey, (await db.Set<UpstreamRegistration>().AsNoTracking().SingleAsync(Ct)).SealedKey);
    }

    /// <summary>Another node had the key changed: an order that is refused for it is no reason to fail.</summary>
    [Fact]
    public async Task AccountKey_ThatAnotherNodeChanged_IsFetchedAnew()
    {
        await using var ca = await OtherCa.StartAsync();
        await using var owner = await ca.StartOwnerAsync();
        await owner.DelegateAsync(OtherCa.Terms());
        await owner.RegisterAndWaitAsync();
        using (var elsewhere = owner.Portal.Get<UpstreamFactory>().Make(OtherCa.Upstream, owner.Portal.Get<Microsoft.Extensions.Options.IOptions<DelegationOptions>>().Value.Upstreams[OtherCa.Upstream]))
            await elsewhere.ChangeKeyAsync(Ct);
        await owner.RegisterAndWaitAsync(DelegationScene.Registration());
        await ca.PassAsync(owner, TimeSpan.FromSeconds(10));
        await using var db = owner.Portal.NewDb();
        Assert.All(await db.DelegatedOrders.ToListAsync(Ct), order => Assert.Equal(DelegatedOrderStatus.Valid, order.Status));
    }
}
