using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Acme;
using StarPortal.Core.Data;
using StarPortal.Core.Delegation;
using StarPortal.Core.Shared;
using StarPortal.Core.Star;
using StarPortal.Tests.Delegation;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Reliability;

/// <summary>What a portal tells owners of delegations by mail: somebody waits for them; a CA does not renew. The owner is the demo's.</summary>
internal static class DelegationTroubleScene
{
    private const string Domain = "mails.example.org";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A CA that is not there.</summary>
    public static IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>(StringComparer.Ordinal) { ["Delegation:Upstreams:gone:Directory"] = "https://localhost:9/dir" };

    /// <summary>A consumer asks, and the owner is to decide.</summary>
    public static async Task AskAsync(PortalApplication portal)
    {
        var token = SecureTokens.NewToken();
        await using (var db = portal.NewDb())
        {
            var (owner, consumer) = await ConsumerAsync(db);
            db.AddRange(ConsumerCredential.OfToken(consumer.Id, token, consumer.CreatedAt), Delegation(UpstreamBook.Local, owner, consumer));
            await db.SaveChangesAsync(Ct);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(portal.BaseUrl, "star/registration")) { Content = JsonContent.Create<JsonNode>(DelegationScene.Registration(DelegationScene.Csr(Domain))) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var registered = await portal.Client.SendAsync(request, Ct);
        registered.EnsureSuccessStatusCode();
    }

    /// <summary>A certificate of a CA that is gone comes to its end.</summary>
    public static async Task RunOutAsync(PortalApplication portal)
    {
        await using var db = portal.NewDb();
        var (owner, consumer) = await ConsumerAsync(db);
        var (now, delegation) = (consumer.CreatedAt, Delegation("gone", owner, consumer));
        var order = DelegatedOrder.OfRegistration(delegation, new DelegatedTerms([Domain], 86_400) { Days = 90 }, null, now);
        order.Submit(DelegationScene.Csr(Domain), new string('0', 64), DelegationApproval.Automatic, now.AddDays(1), now);
        order.Complete(new UpstreamStep.Issued($"{portal.BaseUrl}delegation/star/{order.Id:N}", now.AddDays(9), now) { IsKeptHere = true }, now);
        db.AddRange(delegation, order, KeptCertificate.Of(order.Id, 0, new CheckedChain("", [], "01", new CertificateLife(now.AddDays(-30), now.AddDays(9)), null), now));
        await db.SaveChangesAsync(Ct);
    }

    /// <summary>The owner's domain is withdrawn: the demo's delegations are renewed no longer.</summary>
    public static async Task WithdrawAsync(PlainBrowser administrator)
    {
        var list = await administrator.OpenAsync("/admin/acme/namespaces?q=observatory.localhost&state=Approved");
        var details = list.Document.QuerySelector("tbody a")!.GetAttribute("href")!;
        await administrator.SendAsync(details, "end", new Dictionary<string, string>(StringComparer.Ordinal) { ["Ending.Reason"] = "It was sold." });
    }

    /// <summary>What goes on failing would change the database by itself, whoever opens what.</summary>
    public static async Task EndAsync(PortalApplication portal)
    {
        await using var db = portal.NewDb();
        await db.DelegatedOrders.ExecuteUpdateAsync(set => set.SetProperty(order => order.DueAt, (DateTimeOffset?)null), Ct);
        await db.StarOrders.ExecuteUpdateAsync(set => set.SetProperty(order => order.DueAt, (DateTimeOffset?)null), Ct);
    }

    private static NameDelegation Delegation(string upstream, Guid owner, DelegationConsumer consumer) =>
        NameDelegation.Create(DelegationScene.Terms(Domain) with { Upstream = upstream, Approval = DelegationApproval.Person }, owner, consumer.Id, consumer.CreatedAt);

    private static async Task<(Guid Owner, DelegationConsumer Consumer)> ConsumerAsync(PortalDbContext db)
    {
        var (now, owner) = (TimeProvider.System.GetUtcNow(), await db.Users.Where(user => user.NormalizedUserName == "OWNER").Select(user => user.Id).SingleAsync(Ct));
        var consumer = DelegationConsumer.Create($"Edge {Guid.NewGuid():N}", owner, now);
        if (!await db.AcmeNamespaces.AnyAsync(space => space.Suffix == Domain, Ct))
        {
            var space = AcmeNamespace.Ask(Domain, NamespaceChallenge.Waived, owner, null, "", now);
            space.Approve(NamespaceChallenge.Waived, "", Actor.System("test"), now);
            db.Add(space);
        }

        db.Add(consumer);
        await db.SaveChangesAsync(Ct);
        return (owner, consumer);
    }
}
