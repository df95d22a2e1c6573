using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Acme;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Acme;

/// <summary>Who gets a mail when a domain is claimed, and when it is decided.</summary>
[Trait("Category", "Unit")]
public sealed class NamespaceMailTests : IAsyncLifetime
{
    private TestPortal portal = null!;
    private Organisation laboratory = null!;
    private Actor administrator = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private NamespaceService Service => portal.Get<NamespaceService>();

    public async ValueTask InitializeAsync()
    {
        portal = await TestPortal.StartAsync();
        laboratory = await portal.AddOrganisationAsync("Laboratory");
        administrator = await portal.AddAdministratorAsync("root");
    }

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Fact]
    public async Task Claim_IsMailed_ToTheOfficersOfItsOrganisation_Alone()
    {
        await portal.AddOfficerAsync(laboratory, "olga");
        await portal.AddOfficerAsync(laboratory, "otto");
        await portal.AddOfficerAsync(await portal.AddOrganisationAsync("Elsewhere"), "elsa");
        var claim = await AskAsync(await portal.AddPersonAsync(PortalRole.Owner, laboratory, "ada"));

        var mails = await SentAsync();
        Assert.Equal(["olga@example.org", "otto@example.org"], mails.Select(mail => mail.To.Split('<', '>')[1]).Order(StringComparer.Ordinal));
        Assert.All(mails, mail =>
        {
            Assert.Equal("ada claims example.org: somebody has to decide", mail.Subject);
            Assert.Contains("our web servers", mail.Text, StringComparison.Ordinal);
            Assert.Equal($"/admin/acme/namespaces/{claim.Id}", mail.LinkTo("/admin/").AbsolutePath);
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Claim_ThatNoOfficerMayDecide_IsMailedToAdministrators(bool hasOrganisation)
    {
        await AskAsync(await portal.AddPersonAsync(PortalRole.Owner, hasOrganisation ? laboratory : null));
        Assert.StartsWith("root", Assert.Single(await SentAsync()).To.Split('<')[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Claimant_WhoIsAnOfficer_IsNotAsked()
    {
        var officer = await portal.AddOfficerAsync(laboratory, "olga");
        await portal.AddOfficerAsync(laboratory, "otto");
        await AskAsync(officer);
        Assert.Contains("otto", Assert.Single(await SentAsync()).To, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Owner_IsToldOfEachDecision_OfSomebodyElse()
    {
        var owner = await portal.AddPersonAsync(PortalRole.Owner, organisation: null, "ada");
        var (first, second) = (await AskAsync(owner), await AskAsync(owner, "example.net"));
        await Service.ApproveAsync(first.Id, NamespaceChallenge.Waived, "called them", administrator, Ct);
        await Service.RefuseAsync(second.Id, "not yours", administrator, Ct);
        await Service.WithdrawAsync(first.Id, "project is over", administrator, Ct);

        var mails = (await SentAsync()).Where(mail => mail.To.Contains("ada@", StringComparison.Ordinal)).ToList();
        Assert.Equal(["example.net was refused", "example.org is in force", "example.org is no longer in force"], mails.Select(mail => mail.Subject).Order(StringComparer.Ordinal));
        Assert.All(["called them", "not yours", "project is over"], note => Assert.Single(mails, mail => mail.Text.Contains(note, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Owner_IsNotTold_OfTheirOwnDeeds()
    {
        var owner = await portal.AddPersonAsync(PortalRole.Owner, organisation: null, "ada");
        var (first, second) = (await AskAsync(owner), await AskAsync(owner, "example.net"));
        await Service.ApproveAsync(first.Id, NamespaceChallenge.Required, "", administrator, Ct);
        await SentAsync();
        var before = portal.Mails.Count;
        await portal.Get<NamespaceOwnership>().GiveUpAsync(first.Id, owner, Ct);
        await portal.Get<NamespaceOwnership>().RetractAsync(second.Id, owner, Ct);
        Assert.Equal(before, (await SentAsync()).Count);
    }

    /// <summary>The mail is a row of the decision's transaction: it is there when the process dies right behind it, and not when the decision was not.</summary>
    [Fact]
    public async Task Mail_IsARowOfTheDecision_AndSentOnce()
    {
        var claim = await AskAsync(await portal.AddPersonAsync(PortalRole.Owner, organisation: null, "ada"));
        var deciders = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () => await Record.ExceptionAsync(() => Service.ApproveAsync(claim.Id, NamespaceChallenge.Required, "", administrator, Ct)))));
        Assert.Equal(3, deciders.Count(refusal => refusal is ServiceException { Kind: ErrorKind.Conflict }));
        Assert.Empty(portal.Mails);
        await using var db = portal.NewDb();
        Assert.Equal(2, await db.Outbox.CountAsync(item => item.Key.StartsWith($"namespace:{claim.Id:N}"), Ct));

        await SentAsync();
        Assert.Equal(2, (await SentAsync()).Count);
    }

    private Task<AcmeNamespace> AskAsync(Actor owner, string suffix = "example.org") => Service.AskAsync(suffix, NamespaceChallenge.Required, null, "our web servers", owner, Ct);

    private async Task<IReadOnlyList<SentMail>> SentAsync()
    {
        await portal.DrainOutboxAsync();
        return portal.Mails;
    }
}
