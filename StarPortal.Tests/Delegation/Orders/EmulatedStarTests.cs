using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Delegation;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Delegation;

/// <summary>A CA without STAR: the portal orders again and again, and serves the certificates itself (RFC 8739 3.3, 3.4). They have seven days.</summary>
[Trait("Category", "Unit")]
public sealed class EmulatedStarTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Certificate_IsServedWithItsDates_AndATag()
    {
        await using var ca = await OtherCa.StartPlainAsync();
        await using var owner = await ca.StartOwnerAsync();
        var url = await RegisterAsync(owner);
        Assert.Equal($"{owner.Portal.BaseUrl}delegation/star/{(await owner.OnlyOrderAsync()).Id:N}", url);
        using var fetched = await owner.Portal.Client.GetAsync(url, Ct);
        using var certificate = X509Certificate2.CreateFromPem(await fetched.Content.ReadAsStringAsync(Ct));
        Assert.True(certificate.MatchesHostname(DelegationScene.Name));
        Assert.Equal("application/pem-certificate-chain", fetched.Content.Headers.ContentType!.ToString());
        Assert.Equal((certificate.NotBefore.ToUniversalTime().ToString("R"), certificate.NotAfter.ToUniversalTime().ToString("R")), (fetched.Headers.GetValues("Cert-Not-Before").Single(), fetched.Headers.GetValues("Cert-Not-After").Single()));
        using var head = await owner.Portal.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, url), Ct);
        Assert.Equal((HttpStatusCode.OK, fetched.Content.Headers.ContentLength, fetched.Headers.ETag), (head.StatusCode, head.Content.Headers.ContentLength, head.Headers.ETag));
        using var again = new HttpRequestMessage(HttpMethod.Get, url);
        again.Headers.IfNoneMatch.Add(fetched.Headers.ETag!);
        using var unchanged = await owner.Portal.Client.SendAsync(again, Ct);
        Assert.Equal((HttpStatusCode.NotModified, ""), (unchanged.StatusCode, await unchanged.Content.ReadAsStringAsync(Ct)));
        Assert.Equal("public, must-revalidate, max-age=300", $"{fetched.Headers.GetValues("Cache-Control").Single()}");
        using var unknown = await owner.Portal.Client.GetAsync($"delegation/star/{Guid.NewGuid():N}", Ct);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task Certificate_IsRenewedAheadOfItsEnd_AgainAndAgain_UntilTheEndDate()
    {
        await using var ca = await OtherCa.StartPlainAsync();
        await using var owner = await ca.StartOwnerAsync();
        var url = await RegisterAsync(owner, lifetime: 30);
        for (var hour = 0; hour < 24 * 29; hour += 6)
        {
            await ca.PassAsync(owner, TimeSpan.FromHours(6));
            Assert.True((await owner.OnlyOrderAsync()).LastNotAfter - owner.Portal.Clock.Now > Day, $"Late in hour {hour}.");
        }

        await using var db = owner.Portal.NewDb();
        var kept = await db.KeptCertificates.OrderBy(certificate => certificate.Number).ToListAsync(Ct);
        Assert.InRange(kept.Count, 5, 7);
        Assert.Equal(kept.Count, ca.CountOf("POST /acme/order/finalize"));
        await ca.PassAsync(owner, 2 * Day);
        Assert.Null((await owner.OnlyOrderAsync()).DueAt);
        Assert.Equal((403, "autoRenewalExpired"), await FetchAsync(owner, url));
        Assert.Equal(kept.Count, ca.CountOf("POST /acme/new-order"));
        await AuditLog.RequireIntactAsync(db);
    }

    /// <summary>RFC 9773 4.2: a window in the past means at once; one that comes too late is no help to anybody.</summary>
    [Fact]
    public async Task RenewalInformation_IsObeyed_WithinReason()
    {
        await using var ca = await OtherCa.StartPlainAsync();
        await using var owner = await ca.StartOwnerAsync();
        var window = (Start: owner.Portal.Clock.Now - Day, End: owner.Portal.Clock.Now);
        ca.Play = (name, http, next) => name == "GET /acme/renewal-info" ? http.Response.WriteAsync($$$"""{"suggestedWindow":{"start":"{{{DelegationScene.Text(window.Start)}}}","end":"{{{DelegationScene.Text(window.End)}}}"}}""", Ct) : next();
        await RegisterAsync(owner);
        await ca.PassAsync(owner, TimeSpan.FromHours(7));
        Assert.Equal(2, ca.CountOf("POST /acme/new-order"));
        window = (owner.Portal.Clock.Now + 20 * Day, owner.Portal.Clock.Now + 21 * Day);
        for (var day = 0; day < 6; day++) await ca.PassAsync(owner, Day);
        Assert.Equal(2, ca.CountOf("POST /acme/new-order"));
        await ca.PassAsync(owner, Day / 2);
        Assert.Equal(3, ca.CountOf("POST /acme/new-order"));
    }

    [Fact]
    public async Task Certificate_IsGone_WhenTheOwnerCancels_AndNoneComesAnyMore()
    {
        await using var ca = await OtherCa.StartPlainAsync();
        await using var owner = await ca.StartOwnerAsync();
        var url = await RegisterAsync(owner);
        await CancelAsync(owner);
        Assert.Equal((403, "autoRenewalCanceled"), await FetchAsync(owner, url));
        for (var day = 0; day < 8; day++) await ca.PassAsync(owner, Day);
        Assert.Equal((1, 0), (ca.CountOf("POST /acme/new-order"), ca.CountOf("POST /acme/revoke-cert")));
    }

    /// <summary>Every one that would live longer than a short-lived one: the last, and those before it.</summary>
    [Fact]
    public async Task Certificates_ThatAreNotShortLived_AreRevoked_WhenTheOwnerCancels()
    {
        await using var ca = await OtherCa.StartPlainAsync(("Authority:Profiles:star:Validity", "60.00:00:00"));
        await using var owner = await ca.StartOwnerAsync();
        await RegisterAsync(owner);
        for (var day = 0; day < 46; day++) await ca.PassAsync(owner, Day);
        Assert.Equal(2, ca.CountOf("POST /acme/order/finalize"));
        await CancelAsync(owner);
        await using var db = ca.Portal.NewDb();
        var revoked = await db.Set<StarPortal.Core.Authority.IssuedCertificate>().Where(certificate => certificate.SourceKey!.StartsWith("acme-order:")).Select(certificate => certificate.RevokedAt).ToListAsync(Ct);
        Assert.Equal((2, true), (revoked.Count, revoked.TrueForAll(at => at is not null)));
    }

    /// <summary>The last good one is served while there is one; then consumers are told to come again.</summary>
    [Fact]
    public async Task Renewals_ThatFail_AreTriedAgain_AndTheLastOneIsServedAsLongAsItIsGood()
    {
        await using var ca = await OtherCa.StartPlainAsync();
        await using var owner = await ca.StartOwnerAsync();
        var url = await RegisterAsync(owner);
        ca.Play = (name, http, next) => name == "POST /acme/order/finalize" ? OtherCa.RefuseAsync(http, 403, "unauthorized") : next();
        for (var hour = 0; hour < 24 * 6; hour++) await ca.PassAsync(owner, TimeSpan.FromHours(1));
        Assert.Equal((200, null), await FetchAsync(owner, url));
        var late = await owner.OnlyOrderAsync();
        Assert.InRange(late.Failures, 10, 40);
        Assert.Contains("Internal detail of the CA", late.Detail, StringComparison.Ordinal);
        for (var hour = 0; hour < 26; hour++) await ca.PassAsync(owner, TimeSpan.FromHours(1));
        Assert.Equal((503, "serverInternal"), await FetchAsync(owner, url));
        ca.Play = (_, _, next) => next();
        await ca.PassAsync(owner, TimeSpan.FromHours(1));
        Assert.Equal((0, null), ((await owner.OnlyOrderAsync()).Failures, (await owner.OnlyOrderAsync()).Detail));
        await UntilAsync(owner, url, (200, null));
    }

    [Fact]
    public async Task OrderThatBecomesInvalidLater_IsTriedMoreAndMoreSeldom()
    {
        await using var ca = await OtherCa.StartPlainAsync();
        await using var owner = await ca.StartOwnerAsync();
        await RegisterAsync(owner);
        for (var day = 0; day < 4; day++) await ca.PassAsync(owner, Day);
        var finalized = false;
        ca.Play = async (name, http, next) =>
        {
            var (status, was) = (finalized ? "invalid" : "processing", name);
            if (name == "POST /acme/new-order") finalized = false;
            if (was == "POST /acme/order/finalize") await OtherCa.RewriteAsync(http, next, body => body.Replace("\"valid\"", "\"processing\"", StringComparison.Ordinal));
            else if (was == "POST /acme/order") await OtherCa.RewriteAsync(http, next, body => body.Replace("\"valid\"", $"\"{status}\"", StringComparison.Ordinal));
            else await next();
            if (was == "POST /acme/order/finalize") finalized = true;
        };
        for (var hours = 0; ca.CountOf("POST /acme/new-order") == 1 && hours < 72; hours++) await ca.PassAsync(owner, TimeSpan.FromHours(1)); // Until the window that the CA names.
        for (var minute = 0; minute < 24 * 60; minute += 2) await ca.PassAsync(owner, TimeSpan.FromMinutes(2));
        Assert.InRange(ca.CountOf("POST /acme/order/finalize") - 1, 5, 31); // Six within the first hour, then one an hour.
    }

    [Fact]
    public async Task StartDate_IsRefused_WhereNobodyKeepsIt()
    {
        await using var ca = await OtherCa.StartPlainAsync();
        await using var owner = await ca.StartOwnerAsync();
        using var ndc = await owner.NewNdcAsync();
        var asked = owner.StarOrder(await owner.DelegateAsync(OtherCa.Terms()));
        asked["auto-renewal"]!["start-date"] = DelegationScene.Text(owner.Portal.Clock.Now + Day);
        var order = await owner.IssueAsync(ndc, asked);
        Assert.Equal("invalid", (string?)order.Json["status"]);
        Assert.Contains("begin later", (string?)order.Json["error"]!["detail"], StringComparison.Ordinal);
        Assert.Equal(0, ca.CountOf("POST /acme/new-order"));
    }

    internal static async Task<string> RegisterAsync(DelegationScene owner, int lifetime = 365)
    {
        await owner.DelegateAsync(OtherCa.Terms() with { MaxLifetime = 365, MaxValidity = 24 * 90 });
        var valid = await owner.RegisterAndWaitAsync(DelegationScene.Registration(lifetime: lifetime));
        Assert.Equal("valid", (string?)valid["status"]);
        return (string)valid["certificates"]!;
    }

    private static async Task CancelAsync(DelegationScene owner)
    {
        await owner.Portal.Get<DelegatedOrderDecisions>().CancelAsync((await owner.OnlyOrderAsync()).Id, "", owner.Owner, Ct);
        await owner.WorkAsync();
        Assert.False((await owner.OnlyOrderAsync()).IsCancelPending);
    }

    private static async Task<(int Status, string? Problem)> FetchAsync(DelegationScene owner, string url)
    {
        using var client = new StarPortal.Tests.Acme.AcmeClient(owner.Portal.Client);
        return (await client.GetAsync(url)).Outcome;
    }

    /// <summary>What is served is a second old at most, by the machine's own clock.</summary>
    private static async Task UntilAsync(DelegationScene owner, string url, (int, string?) expected)
    {
        for (var attempts = 0; await FetchAsync(owner, url) != expected; attempts++)
        {
            Assert.True(attempts < 100, "It was not served in five seconds.");
            await Task.Delay(50, Ct);
        }
    }
}
