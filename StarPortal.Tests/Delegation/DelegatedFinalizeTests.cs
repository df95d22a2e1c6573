using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Acme;
using StarPortal.Core.Authority;
using StarPortal.Core.Delegation;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Delegation;

/// <summary>Order1 from finalize to its end (RFC 9115 2.3.2.1, 2.3.3, 2.3.6), with this portal's own CA behind.</summary>
[Trait("Category", "Unit")]
public sealed class DelegatedFinalizeTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>2.3.2.1: Order1 is valid and has the CA's star-certificate; RFC 8739 3.4: anybody fetches.</summary>
    [Fact]
    public async Task StarOrder_IsProcessing_ThenValid_WithTheStarCertificateOfTheCa()
    {
        await using var scene = await DelegationScene.StartAsync();
        using var ndc = await scene.NewNdcAsync();
        var placed = await ndc.AskAsync(await ndc.UrlOfAsync("newOrder"), scene.StarOrder(await scene.DelegateAsync()));
        var processing = await ndc.FinalizeAsync(placed, DelegationScene.Csr());
        Assert.Equal((200, "processing", placed.Location), ((int)processing.Status, (string?)processing.Json["status"], processing.Location));
        Assert.NotEmpty(processing.Headers["Retry-After"]); // RFC 8555 7.4
        await scene.WorkAsync();
        var valid = await ndc.AskAsync(placed.Location!);
        Assert.Equal(("valid", null), ((string?)valid.Json["status"], valid.Json["certificate"]));
        Assert.StartsWith($"{scene.Portal.BaseUrl}acme/star/", (string?)valid.Json["star-certificate"], StringComparison.Ordinal);
        using var fetched = await scene.Portal.Client.GetAsync((string)valid.Json["star-certificate"]!, Ct);
        using var certificate = X509Certificate2.CreateFromPem(await fetched.Content.ReadAsStringAsync(Ct));
        Assert.Equal((HttpStatusCode.OK, true), (fetched.StatusCode, certificate.MatchesHostname(DelegationScene.Name)));
        Assert.True(certificate.NotAfter - certificate.NotBefore <= TimeSpan.FromDays(2));
    }

    /// <summary>2.3.3, 2.3.5: a certificate URL that anybody may GET.</summary>
    [Fact]
    public async Task SingleOrder_HasTheCertificateOfTheCa_ForAnybody()
    {
        await using var scene = await DelegationScene.StartAsync();
        using var ndc = await scene.NewNdcAsync();
        var valid = await scene.IssueAsync(ndc, scene.SingleOrder(await scene.DelegateAsync()));
        Assert.Equal(("valid", true, null), ((string?)valid.Json["status"], (bool)valid.Json["allow-certificate-get"]!, valid.Json["star-certificate"]));
        var url = (string)valid.Json["certificate"]!;
        using var fetched = await scene.Portal.Client.GetAsync(url, Ct);
        Assert.Equal("application/pem-certificate-chain", fetched.Content.Headers.ContentType!.MediaType);
        using var certificate = X509Certificate2.CreateFromPem(await fetched.Content.ReadAsStringAsync(Ct));
        Assert.True(certificate.MatchesHostname(DelegationScene.Name));
    }

    /// <summary>2.3.2.1: what the template does not allow is 403, and the end of Order1.</summary>
    [Theory]
    [InlineData("names", "rejectedIdentifier")]
    [InlineData("key", "badCSR")]
    [InlineData("usage", "badCSR")]
    [InlineData("rubbish", "badCSR")]
    public async Task Csr_ThatDoesNotFit_EndsTheOrder(string fault, string problem)
    {
        await using var scene = await DelegationScene.StartAsync();
        using var ndc = await scene.NewNdcAsync();
        var placed = await ndc.AskAsync(await ndc.UrlOfAsync("newOrder"), scene.StarOrder(await scene.DelegateAsync()));
        var refused = await ndc.FinalizeAsync(placed, CsrWith(fault));
        Assert.Equal((403, problem), refused.Outcome);
        if (fault == "names") Assert.Equal("mail.example.org", (string?)Assert.Single(refused.Json["subproblems"]!.AsArray())!["identifier"]!["value"]);
        var order = await ndc.AskAsync(placed.Location!);
        Assert.Equal(("invalid", $"urn:ietf:params:acme:error:{problem}"), ((string?)order.Json["status"], (string?)order.Json["error"]!["type"]));
        Assert.Equal((403, "orderNotReady"), (await ndc.FinalizeAsync(placed, DelegationScene.Csr())).Outcome);
        Assert.Null((await scene.OnlyOrderAsync()).Csr);
    }

    /// <summary>RFC 8555 7.4: the request has the order's names, when the template leaves a choice as well.</summary>
    [Fact]
    public async Task Csr_WithOtherNamesThanTheOrder_IsRefused_AlsoWhenTheyAreDelegated()
    {
        await using var scene = await DelegationScene.StartAsync();
        string[] names = ["a.example.org", "b.example.org"];
        var template = CsrTemplatePreset.All.Single(preset => preset.Key == "choice").Fill(names).ToJson();
        using var ndc = await scene.NewNdcAsync();
        var delegation = await scene.DelegateAsync(DelegationScene.Terms(names) with { Template = template });
        foreach (var asked in new[] { new[] { "b.example.org" }, names })
        {
            var placed = await ndc.AskAsync(await ndc.UrlOfAsync("newOrder"), scene.StarOrder(delegation, "a.example.org"));
            Assert.Equal((403, "rejectedIdentifier"), (await ndc.FinalizeAsync(placed, DelegationScene.Csr(asked))).Outcome);
        }

        Assert.Equal("valid", (string?)(await scene.IssueAsync(ndc, scene.StarOrder(delegation, "a.example.org"), DelegationScene.Csr("a.example.org"))).Json["status"]);
    }

    /// <summary>RFC 8555 7.4.</summary>
    [Fact]
    public async Task Finalize_IsForOneTime_AlsoAtTheSameMoment()
    {
        await using var scene = await DelegationScene.StartAsync();
        using var ndc = await scene.NewNdcAsync();
        var placed = await ndc.AskAsync(await ndc.UrlOfAsync("newOrder"), scene.StarOrder(await scene.DelegateAsync()));
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ => await ndc.Again().FinalizeAsync(placed, DelegationScene.Csr())));
        Assert.Equal([(200, null), (403, "orderNotReady"), (403, "orderNotReady"), (403, "orderNotReady")], answers.Select(answer => answer.Outcome).Order());
        await scene.WorkAsync();
        Assert.Equal((403, "orderNotReady"), (await ndc.FinalizeAsync(placed, DelegationScene.Csr())).Outcome);
        await using var db = scene.Portal.NewDb();
        Assert.Equal(1, await db.AcmeOrders.CountAsync(Ct));
    }

    [Fact]
    public async Task Order_ThatWasNotFinalizedInTime_IsNotReady()
    {
        await using var scene = await DelegationScene.StartAsync();
        using var ndc = await scene.NewNdcAsync();
        var placed = await ndc.AskAsync(await ndc.UrlOfAsync("newOrder"), scene.StarOrder(await scene.DelegateAsync()));
        scene.Portal.Clock.Advance(TimeSpan.FromHours(25));
        Assert.Equal((403, "orderNotReady"), (await ndc.FinalizeAsync(placed, DelegationScene.Csr())).Outcome);
        await scene.WorkAsync();
        var order = await ndc.AskAsync(placed.Location!);
        Assert.Equal(("invalid", "It was not finalized in time."), ((string?)order.Json["status"], (string?)order.Json["error"]!["detail"])); // RFC 8555 7.1.6
    }

    [Fact]
    public async Task Order_OfAnotherAccount_IsNotThere()
    {
        await using var scene = await DelegationScene.StartAsync();
        using var ndc = await scene.NewNdcAsync();
        using var other = await scene.NewNdcAsync();
        var placed = await ndc.AskAsync(await ndc.UrlOfAsync("newOrder"), scene.StarOrder(await scene.DelegateAsync()));
        Assert.Equal(404, (int)(await other.AskAsync(placed.Location!)).Status);
        Assert.Equal(404, (int)(await other.FinalizeAsync(placed, DelegationScene.Csr())).Status);
        Assert.Empty((await other.AskAsync($"{other.AccountUrl}/orders")).Json["orders"]!.AsArray());
    }

    /// <summary>2.3.6: the owner cancels, the consumer cannot.</summary>
    [Fact]
    public async Task StarOrder_IsCanceledByTheOwner_AndNotByTheConsumer()
    {
        await using var scene = await DelegationScene.StartAsync();
        using var ndc = await scene.NewNdcAsync();
        var valid = await scene.IssueAsync(ndc, scene.StarOrder(await scene.DelegateAsync()));
        Assert.Equal((400, "malformed"), (await ndc.AskAsync(valid.Location!, new JsonObject { ["status"] = "canceled" })).Outcome);
        Assert.Equal("valid", (string?)(await ndc.AskAsync(valid.Location!)).Json["status"]);

        await scene.Portal.Get<DelegatedOrderDecisions>().CancelAsync((await scene.OnlyOrderAsync()).Id, "", scene.Owner, Ct);
        await scene.WorkAsync();
        Assert.Equal("canceled", (string?)(await ndc.AskAsync(valid.Location!)).Json["status"]); // RFC 8739 3.1.2
        Assert.Equal((403, "autoRenewalCanceled"), (await ndc.GetAsync((string)valid.Json["star-certificate"]!)).Outcome);
        var order = await scene.OnlyOrderAsync();
        Assert.Equal((false, null, null), (order.IsCancelPending, order.DueAt, order.Csr));
    }

    /// <summary>2.3.6: what does not renew itself is revoked.</summary>
    [Fact]
    public async Task SingleOrder_IsRevoked_WhenTheOwnerCancels()
    {
        await using var scene = await DelegationScene.StartAsync();
        using var ndc = await scene.NewNdcAsync();
        var valid = await scene.IssueAsync(ndc, scene.SingleOrder(await scene.DelegateAsync()));
        using var certificate = X509Certificate2.CreateFromPem((await ndc.GetAsync((string)valid.Json["certificate"]!)).Text);
        await scene.Portal.Get<DelegatedOrderDecisions>().CancelAsync((await scene.OnlyOrderAsync()).Id, "", scene.Owner, Ct);
        await scene.WorkAsync();
        Assert.Equal("invalid", (string?)(await ndc.AskAsync(valid.Location!)).Json["status"]);
        await using var db = scene.Portal.NewDb();
        var issued = (await db.IssuedCertificates.AsNoTracking().ToListAsync(Ct)).Single(known => known.Der.AsSpan().SequenceEqual(certificate.RawData));
        Assert.Equal(RevocationReason.CessationOfOperation, issued.RevocationReason);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Order_ThatAPersonDecidesOn_IsProcessingUntilThen(bool isApproved)
    {
        await using var scene = await DelegationScene.StartAsync();
        using var ndc = await scene.NewNdcAsync();
        var delegation = await scene.DelegateAsync(DelegationScene.Terms() with { Approval = DelegationApproval.Person });
        var waiting = await scene.IssueAsync(ndc, scene.StarOrder(delegation));
        Assert.Equal("processing", (string?)waiting.Json["status"]);
        Assert.NotEmpty(waiting.Headers["Retry-After"]);
        var (decisions, id) = (scene.Portal.Get<DelegatedOrderDecisions>(), (await scene.OnlyOrderAsync()).Id);
        if (isApproved) await decisions.ApproveAsync(id, scene.Owner, Ct);
        else await decisions.RefuseAsync(id, "Not this month.", scene.Owner, Ct);
        await scene.WorkAsync();
        var decided = await ndc.AskAsync(waiting.Location!);
        Assert.Equal(isApproved ? "valid" : "invalid", (string?)decided.Json["status"]);
        if (!isApproved) Assert.Equal(("urn:ietf:params:acme:error:unauthorized", "Not this month."), ((string?)decided.Json["error"]!["type"], (string?)decided.Json["error"]!["detail"]));
        await using var db = scene.Portal.NewDb();
        await AuditLog.RequireIntactAsync(db);
    }

    /// <summary>2.3.2.1: Order2 comes to nothing, and so does Order1; what the CA said is the owner's affair.</summary>
    [Fact]
    public async Task Order_IsInvalid_WhenTheCaRefuses()
    {
        await using var scene = await DelegationScene.StartAsync();
        using var ndc = await scene.NewNdcAsync();
        var placed = await ndc.AskAsync(await ndc.UrlOfAsync("newOrder"), scene.StarOrder(await scene.DelegateAsync()));
        await ndc.FinalizeAsync(placed, DelegationScene.Csr());
        await using (var db = scene.Portal.NewDb()) await db.AcmeNamespaces.ExecuteDeleteAsync(Ct);
        await scene.WorkAsync();
        var order = await ndc.AskAsync(placed.Location!);
        Assert.Equal(("invalid", "The certificate authority refused the order. Ask the owner of the names."), ((string?)order.Json["status"], (string?)order.Json["error"]!["detail"]));
        Assert.NotEmpty((await scene.OnlyOrderAsync()).Detail!);
    }

    private static byte[] CsrWith(string fault) => fault switch
    {
        "names" => DelegationScene.Csr(DelegationScene.Name, "mail.example.org"),
        "key" => DelegationScene.Csr(ECDsa.Create(ECCurve.NamedCurves.nistP384), DelegationScene.Name),
        "usage" => StarPortal.Tests.Acme.OrderScene.Csr(DelegationScene.Name),
        _ => [0x30, 0x03, 0x02, 0x01, 0x07],
    };
}
