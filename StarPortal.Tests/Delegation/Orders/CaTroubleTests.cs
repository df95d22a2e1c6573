using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Delegation;

namespace StarPortal.Tests.Delegation;

/// <summary>A CA that fails: consumers learn what they can act on and nothing of the owner's affairs; owners learn all of it.</summary>
[Trait("Category", "Unit")]
public sealed class CaTroubleTests
{
    private const string Detail = "Internal detail of the CA";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("down", "reached")]
    [InlineData("slow", "within 5 seconds")]
    [InlineData("broken", Detail)]
    [InlineData("nonsense", "not ACME")]
    public async Task Ca_ThatCannotAnswerNow_IsAskedAgain(string fault, string detail)
    {
        await using var ca = await OtherCa.StartPlainAsync();
        await using var owner = await ca.StartOwnerAsync(("Delegation:Upstreams:other:Timeout", "00:00:05"));
        await owner.DelegateAsync(OtherCa.Terms());
        ca.Play = (_, http, _) => FailAsync(fault, http);
        var pending = await owner.RegisterAndWaitAsync();
        Assert.Equal(("pending", null), ((string?)pending["status"], pending["reason"]));
        var order = await owner.OnlyOrderAsync();
        Assert.Contains(detail, order.Detail, StringComparison.Ordinal);
        Assert.Equal((1, owner.Portal.Clock.Now.AddSeconds(5)), (order.Failures, order.DueAt));
        await ca.PassAsync(owner, TimeSpan.FromSeconds(6));
        Assert.Equal(owner.Portal.Clock.Now.AddSeconds(10), (await owner.OnlyOrderAsync()).DueAt);
        ca.Play = (_, _, next) => next();
        await ca.PassAsync(owner, TimeSpan.FromSeconds(11));
        Assert.Equal(DelegatedOrderStatus.Valid, (await owner.OnlyOrderAsync()).Status);
    }

    [Fact]
    public async Task Ca_ThatNeverAnswers_IsGivenUp_WithAReason()
    {
        await using var ca = await OtherCa.StartPlainAsync();
        await using var owner = await ca.StartOwnerAsync();
        await owner.DelegateAsync(OtherCa.Terms());
        ca.Play = (_, http, _) => FailAsync("down", http);
        await owner.RegisterAndWaitAsync();
        for (var hour = 0; hour < 25; hour++) await ca.PassAsync(owner, TimeSpan.FromHours(1));
        var order = await owner.OnlyOrderAsync();
        Assert.Equal((DelegatedOrderStatus.Invalid, "The certificate authority did not issue in time."), (order.Status, order.Reason));
        Assert.Contains("reached", order.Detail, StringComparison.Ordinal);
    }

    /// <summary>RFC 8555 6.6: not before it says; the consumer's Retry-After tells as much.</summary>
    [Fact]
    public async Task RateLimit_OfTheCa_IsObeyed()
    {
        await using var ca = await OtherCa.StartPlainAsync();
        await using var owner = await ca.StartOwnerAsync();
        await owner.DelegateAsync(OtherCa.Terms());
        ca.Play = (name, http, next) => name == "POST /acme/new-order" ? OtherCa.RefuseAsync(http, 429, "rateLimited", "600") : next();
        using var registered = await owner.RegisterAsync(DelegationScene.Registration());
        await owner.WorkAsync();
        Assert.Equal(owner.Portal.Clock.Now.AddSeconds(600), (await owner.OnlyOrderAsync()).DueAt);
        using var completion = await owner.CompletionAsync(registered.Headers.Location!);
        Assert.Equal(TimeSpan.FromSeconds(300), completion.Headers.RetryAfter!.Delta);
        await ca.PassAsync(owner, TimeSpan.FromSeconds(599));
        Assert.Equal(1, ca.CountOf("POST /acme/new-order"));
        ca.Play = (_, _, next) => next();
        await ca.PassAsync(owner, TimeSpan.FromSeconds(1));
        Assert.Equal(DelegatedOrderStatus.Valid, (await owner.OnlyOrderAsync()).Status);
    }

    [Theory]
    [InlineData("POST /acme/new-account", "unauthorized", "The certificate authority refused the order. Ask the owner of the names.")]
    [InlineData("POST /acme/new-order", "rejectedIdentifier", "The certificate authority refused the order. Ask the owner of the names.")]
    [InlineData("POST /acme/order/finalize", "badCSR", "The certificate authority does not certify this key or request.")]
    [InlineData("POST /acme/certificate", "unauthorized", "The certificate authority refused the order. Ask the owner of the names.")]
    public async Task Refusal_OfTheCa_EndsTheOrder(string request, string problem, string reason)
    {
        await using var ca = await OtherCa.StartPlainAsync();
        await using var owner = await ca.StartOwnerAsync();
        await owner.DelegateAsync(OtherCa.Terms());
        ca.Play = (name, http, next) => name == request ? OtherCa.RefuseAsync(http, 403, problem) : next();
        var failed = await owner.RegisterAndWaitAsync();
        Assert.Equal(("failed", reason), ((string?)failed["status"], (string?)failed["reason"]));
        Assert.Contains(Detail, (await owner.OnlyOrderAsync()).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("names", "names that were not ordered")]
    [InlineData("key", "another key")]
    [InlineData("text", "")]
    public async Task Certificate_ThatWasNotOrdered_IsNotServed(string fault, string detail)
    {
        using var other = new SmallCa();
        await using var ca = await OtherCa.StartPlainAsync();
        await using var owner = await ca.StartOwnerAsync(("Delegation:Upstreams:other:MaxCertificateLife", "30.00:00:00"));
        await owner.DelegateAsync(OtherCa.Terms());
        var csr = DelegationScene.Csr();
        ca.Play = (name, http, next) => name == "POST /acme/certificate" ? OtherCa.RewriteAsync(http, next, _ => Wrong(fault, other, csr)) : next();
        var failed = await owner.RegisterAndWaitAsync(DelegationScene.Registration(csr));
        Assert.Equal(("failed", "The certificate authority sent a certificate that was not ordered."), ((string?)failed["status"], (string?)failed["reason"]));
        var order = await owner.OnlyOrderAsync();
        Assert.Contains(detail, order.Detail, StringComparison.Ordinal);
        await using var db = owner.Portal.NewDb();
        Assert.Empty(await db.KeptCertificates.ToListAsync(Ct));
        using var served = await owner.Portal.Client.GetAsync($"delegation/star/{order.Id:N}", Ct);
        Assert.Equal(404, (int)served.StatusCode);
    }

    /// <summary>The configuration lost a CA: what runs says so and goes on when it is back; what cannot begin ends in time; what is canceled waits for it.</summary>
    [Fact]
    public async Task Orders_OfACaThatIsConfiguredNoLonger_SaySo()
    {
        await using var ca = await OtherCa.StartPlainAsync();
        await using var owner = await ca.StartOwnerAsync();
        await EmulatedStarTests.RegisterAsync(owner);
        await using var db = owner.Portal.NewDb();
        await db.DelegatedOrders.ExecuteUpdateAsync(set => set.SetProperty(order => order.Upstream, "gone"), Ct);
        for (var hour = 0; hour < 7; hour++) await ca.PassAsync(owner, TimeSpan.FromHours(1));
        Assert.Equal((DelegatedOrderStatus.Valid, "The certificate authority 'gone' is configured no longer."), ((await owner.OnlyOrderAsync()).Status, (await owner.OnlyOrderAsync()).Detail));
        await db.DelegatedOrders.ExecuteUpdateAsync(set => set.SetProperty(order => order.Upstream, OtherCa.Upstream), Ct);
        for (var day = 0; day < 6; day++) await ca.PassAsync(owner, TimeSpan.FromDays(1));
        Assert.Equal((2, null), (ca.CountOf("POST /acme/new-order"), (await owner.OnlyOrderAsync()).Detail));
    }

    [Fact]
    public async Task Registration_ThatWaitsForItsCa_EndsInTime_WhenThatIsConfiguredNoLonger()
    {
        await using var ca = await OtherCa.StartPlainAsync();
        await using var owner = await ca.StartOwnerAsync();
        await owner.DelegateAsync(OtherCa.Terms());
        using var registered = await owner.RegisterAsync(DelegationScene.Registration());
        await using var db = owner.Portal.NewDb();
        await db.DelegatedOrders.ExecuteUpdateAsync(set => set.SetProperty(order => order.Upstream, "gone"), Ct);
        await owner.WorkAsync();
        for (var hour = 0; hour < 25; hour++) await ca.PassAsync(owner, TimeSpan.FromHours(1));
        using var completion = await owner.CompletionAsync(registered.Headers.Location!);
        var failed = await DelegationScene.ReadAsync(completion);
        Assert.Equal(("failed", "The certificate authority did not issue in time."), ((string?)failed["status"], (string?)failed["reason"]));
    }

    /// <summary>As it was ordered but for its life: said as what it is.</summary>
    [Fact]
    public async Task Certificate_ThatIsLongerThanTaken_IsNotServed()
    {
        using var other = new SmallCa();
        await using var ca = await OtherCa.StartPlainAsync();
        await using var owner = await ca.StartOwnerAsync(("Delegation:Upstreams:other:MaxCertificateLife", "30.00:00:00"));
        await owner.DelegateAsync(OtherCa.Terms());
        var csr = DelegationScene.Csr();
        ca.Play = (name, http, next) => name == "POST /acme/certificate" ? OtherCa.RewriteAsync(http, next, _ => other.Certify(SmallCa.Read(csr), -1, 24 * 40)) : next();
        var failed = await owner.RegisterAndWaitAsync(DelegationScene.Registration(csr));
        Assert.Equal(("failed", "The certificate authority's certificates are valid for longer than the owner of the names allows."), ((string?)failed["status"], (string?)failed["reason"]));
        Assert.Contains("at most 30 are taken", (await owner.OnlyOrderAsync()).Detail, StringComparison.Ordinal);
    }

    private static Task FailAsync(string fault, HttpContext http)
    {
        switch (fault)
        {
            case "slow":
                return Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            case "broken":
                return OtherCa.RefuseAsync(http, 503, "serverInternal");
            case "nonsense":
                return http.Response.WriteAsync("<html>", Ct);
            default:
                http.Abort();
                return Task.CompletedTask;
        }
    }

    private static string Wrong(string fault, SmallCa other, byte[] csr) => fault switch
    {
        "names" => WithAnotherName(other, csr),
        "key" => other.Certify(DelegationScene.Csr()),
        _ => "no certificate",
    };

    /// <summary>The consumer's key, with a name besides.</summary>
    private static string WithAnotherName(SmallCa other, byte[] csr)
    {
        var request = SmallCa.Read(csr);
        request.CertificateExtensions.Remove(request.CertificateExtensions.Single(extension => extension.Oid!.Value == "2.5.29.17"));
        var names = new System.Security.Cryptography.X509Certificates.SubjectAlternativeNameBuilder();
        names.AddDnsName(DelegationScene.Name);
        names.AddDnsName("evil.example.org");
        request.CertificateExtensions.Add(names.Build());
        return other.Certify(request, -1, 24);
    }
}
