using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Acme;
using StarPortal.Core.Audit;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Acme;

/// <summary>An owner takes a claim back or gives a namespace up; nobody else does it for them.</summary>
[Trait("Category", "Unit")]
public sealed class NamespaceOwnershipTests : IAsyncLifetime
{
    private TestPortal portal = null!;
    private Actor owner = null!;
    private Actor administrator = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private NamespaceService Service => portal.Get<NamespaceService>();

    private NamespaceOwnership Ownership => portal.Get<NamespaceOwnership>();

    public async ValueTask InitializeAsync()
    {
        portal = await TestPortal.StartAsync();
        owner = await portal.AddPersonAsync(PortalRole.Owner, organisation: null);
        administrator = await portal.AddAdministratorAsync();
    }

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Fact]
    public async Task Claim_IsTakenBack_AndNobodyDecidesOnItAnyMore()
    {
        var claim = await AskAsync();
        await Ownership.RetractAsync(claim.Id, owner, Ct);

        Assert.Equal((AcmeNamespaceState.Withdrawn, owner.Id), await StateAsync(claim));
        Assert.Equal(ErrorKind.Conflict, await RefusedAsync(() => Service.ApproveAsync(claim.Id, NamespaceChallenge.Waived, "", administrator, Ct)));
        Assert.Equal(0, await portal.Get<NamespaceSearch>().CountWaitingAsync(administrator, Ct));
        Assert.Equal([AuditAction.AcmeNamespaceAsked, AuditAction.AcmeNamespaceWithdrawn], await AuditedAsync(claim));
        Assert.NotEqual(claim.Id, (await AskAsync()).Id);
    }

    [Fact]
    public async Task Namespace_IsGivenUp_AndCountsNoMore()
    {
        var claim = await ApprovedAsync();
        var book = portal.Get<NamespaceBook>();
        Assert.Single(await book.FindAsync("www.example.org", owner.Id, Ct));
        await Ownership.GiveUpAsync(claim.Id, owner, Ct);

        Assert.Empty(await book.FindAsync("www.example.org", owner.Id, Ct));
        Assert.Equal((AcmeNamespaceState.Withdrawn, owner.Id), await StateAsync(claim));
        Assert.Equal([AuditAction.AcmeNamespaceAsked, AuditAction.AcmeNamespaceApproved, AuditAction.AcmeNamespaceWithdrawn], await AuditedAsync(claim));
    }

    [Fact]
    public async Task NamespaceOfAnother_IsNotFound_WhateverTheRole()
    {
        var (claim, approved) = (await AskAsync(), await ApprovedAsync("example.net"));
        foreach (var somebody in new[] { await portal.AddPersonAsync(PortalRole.Owner, organisation: null), administrator })
        {
            Assert.Equal(ErrorKind.NotFound, await RefusedAsync(() => Ownership.RetractAsync(claim.Id, somebody, Ct)));
            Assert.Equal(ErrorKind.NotFound, await RefusedAsync(() => Ownership.GiveUpAsync(approved.Id, somebody, Ct)));
        }

        Assert.Equal(ErrorKind.Unauthenticated, await RefusedAsync(() => Ownership.RetractAsync(claim.Id, Actor.Anonymous(), Ct)));
        Assert.Equal((AcmeNamespaceState.Asked, AcmeNamespaceState.Approved), ((await StateAsync(claim)).State, (await StateAsync(approved)).State));
    }

    [Fact]
    public async Task Namespace_InAnotherState_StaysAsItIs()
    {
        var (claim, approved) = (await AskAsync(), await ApprovedAsync("example.net"));
        Assert.Equal(ErrorKind.Conflict, await RefusedAsync(() => Ownership.GiveUpAsync(claim.Id, owner, Ct)));
        Assert.Equal(ErrorKind.Conflict, await RefusedAsync(() => Ownership.RetractAsync(approved.Id, owner, Ct)));
        await Ownership.GiveUpAsync(approved.Id, owner, Ct);
        Assert.Equal(ErrorKind.Conflict, await RefusedAsync(() => Ownership.GiveUpAsync(approved.Id, owner, Ct)));
        Assert.Equal(AcmeNamespaceState.Asked, (await StateAsync(claim)).State);
    }

    [Fact]
    public async Task OwnerAndOfficer_AtOnce_OneOfThemDecides()
    {
        for (var round = 0; round < 10; round++)
        {
            var claim = await AskAsync($"r{round}.example.org");
            Func<Task>[] deeds = [() => Ownership.RetractAsync(claim.Id, owner, Ct), () => Service.ApproveAsync(claim.Id, NamespaceChallenge.Waived, "", administrator, Ct)];
            var refusals = await Task.WhenAll(deeds.Select(deed => Task.Run(async () => await Record.ExceptionAsync(deed))));
            Assert.Equal(ErrorKind.Conflict, Assert.IsType<ServiceException>(Assert.Single(refusals, refusal => refusal is not null)).Kind);
            Assert.Equal(refusals[0] is null ? AcmeNamespaceState.Withdrawn : AcmeNamespaceState.Approved, (await StateAsync(claim)).State);
            Assert.Equal(2, (await AuditedAsync(claim)).Count);
        }
    }

    /// <summary>Each claim is mailed to officers: claiming and taking back over and over must not make mails without end.</summary>
    [Fact]
    public async Task Claims_ThatAreTakenBack_CountForADay()
    {
        for (var i = 0; i < NamespaceService.MaxOpenClaims; i++) await Ownership.RetractAsync((await AskAsync()).Id, owner, Ct);
        Assert.Equal(ErrorKind.TooMany, await RefusedAsync(() => AskAsync()));
        portal.Clock.Advance(TimeSpan.FromDays(1));
        await AskAsync();
    }

    private Task<AcmeNamespace> AskAsync(string suffix = "example.org") => Service.AskAsync(suffix, NamespaceChallenge.Required, null, "", owner, Ct);

    private async Task<AcmeNamespace> ApprovedAsync(string suffix = "example.org") =>
        await Service.ApproveAsync((await AskAsync(suffix)).Id, NamespaceChallenge.Waived, "", administrator, Ct);

    private async Task<(AcmeNamespaceState State, Guid? DecidedBy)> StateAsync(AcmeNamespace claim)
    {
        var now = (await portal.Get<NamespaceSearch>().GetAsync(claim.Id, owner, Ct)).Claim;
        return (now.State, now.DecidedBy);
    }

    private async Task<IReadOnlyList<AuditAction>> AuditedAsync(AcmeNamespace claim)
    {
        await using var db = portal.NewDb();
        var id = claim.Id.ToString();
        return await db.AuditRecords.Where(record => record.ObjectType == "namespace" && record.ObjectId == id).OrderBy(record => record.Sequence).Select(record => record.Action).ToListAsync(Ct);
    }

    private static async Task<ErrorKind> RefusedAsync(Func<Task> deed) => (await Assert.ThrowsAsync<ServiceException>(deed)).Kind;
}
