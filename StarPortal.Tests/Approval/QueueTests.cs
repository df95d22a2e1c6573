using StarPortal.Core.Approval;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Approval;

[Trait("Category", "Unit")]
public sealed class QueueTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(TestDatabase.Providers), MemberType = typeof(TestDatabase))]
    public async Task Counts_RowsAndBadgeAgree_ForEachRole(Core.Data.DatabaseProvider provider)
    {
        await using var portal = await TestPortal.StartAsync(provider: provider);
        var (lab, other) = (await portal.AddOrganisationAsync("Plasma Lab"), await portal.AddOrganisationAsync("Other Lab"));
        var (officer, administrator) = (await portal.AddOfficerAsync(lab), await portal.AddAdministratorAsync());
        var requests = await Queued.AddManyAsync(portal, lab, 30);
        await Queued.AddManyAsync(portal, other, 2);
        await portal.Get<ApprovalService>().ClaimAsync(requests[0].Id, officer, Ct);
        await portal.Get<ApprovalService>().HoldAsync(requests[1].Id, "Why?", officer, Ct);
        await portal.Get<ApprovalService>().RejectAsync(requests[2].Id, RejectionCode.Other, "No.", officer, Ct);

        foreach (var (actor, waiting) in new[] { (officer, 28), (administrator, 30) })
        {
            var first = await portal.Get<ApprovalQueue>().ReadAsync(new QueueFilter(), actor, Ct);
            var second = await portal.Get<ApprovalQueue>().ReadAsync(new QueueFilter(Page: 2), actor, Ct);
            Assert.Equal((waiting, waiting, waiting), (first.Total, first.Counts[QueueView.Waiting], first.Rows.Concat(second.Rows).Select(row => row.Id).Distinct().Count()));
            Assert.Equal(waiting, await portal.Get<ApprovalQueue>().CountWaitingAsync(actor, Ct));
            Assert.Equal((1, 1), (first.Counts[QueueView.OnHold], first.Counts[QueueView.Rejected]));
        }

        var mine = await portal.Get<ApprovalQueue>().ReadAsync(new QueueFilter(QueueView.Mine), officer, Ct);
        Assert.Equal((requests[0].Id, true, officer.Name), (mine.Rows.Single().Id, mine.Rows[0].IsMine, mine.Rows[0].ClaimedBy));
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Providers), MemberType = typeof(TestDatabase))]
    public async Task Filters_FindByTextOrganisationAndAge(Core.Data.DatabaseProvider provider)
    {
        await using var portal = await TestPortal.StartAsync(provider: provider);
        var (lab, other) = (await portal.AddOrganisationAsync("Plasma Lab"), await portal.AddOrganisationAsync("Other Lab"));
        var administrator = await portal.AddAdministratorAsync();
        var old = await Queued.AddAsync(portal, lab);
        portal.Clock.Advance(TimeSpan.FromHours(49));
        var fresh = await Queued.AddAsync(portal, other);
        async Task<IEnumerable<Guid>> FindAsync(QueueFilter filter) => (await portal.Get<ApprovalQueue>().ReadAsync(filter, administrator, Ct)).Rows.Select(row => row.Id);

        Assert.Equal([old.Id], await FindAsync(new(Text: old.UserName.ToUpperInvariant())));
        Assert.Equal([fresh.Id], await FindAsync(new(OrganisationId: other.Id)));
        Assert.Equal([old.Id], await FindAsync(new(Age: QueueAge.Late)));
        Assert.Equal([old.Id, fresh.Id], await FindAsync(new(Text: "lovelace")));
        Assert.Equal([], await FindAsync(new(Text: "%")));
    }

    [Fact]
    public async Task Next_IsTheOldestThatTheOfficerCanStillVoteOn()
    {
        await using var portal = await TestPortal.StartAsync(new Dictionary<string, string?> { ["Approval:OfficersRequired:person"] = "2" });
        var lab = await portal.AddOrganisationAsync("Plasma Lab");
        var (olga, otto) = (await portal.AddOfficerAsync(lab), await portal.AddOfficerAsync(lab));
        var first = await Queued.AddAsync(portal, lab);
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        var second = await Queued.AddAsync(portal, lab);
        await portal.Get<ApprovalService>().ApproveAsync(first.Id, [], olga, Ct);

        Assert.Equal(second.Id, await portal.Get<ApprovalQueue>().FindNextAsync(olga, Ct));
        Assert.Equal(first.Id, await portal.Get<ApprovalQueue>().FindNextAsync(otto, Ct));
    }

    [Fact]
    public async Task Queue_IsForbidden_ToOthers()
    {
        await using var portal = await TestPortal.StartAsync();
        var subscriber = await portal.AddPersonAsync(PortalRole.Subscriber, organisation: null);

        var refusal = await Assert.ThrowsAsync<ServiceException>(() => portal.Get<ApprovalQueue>().ReadAsync(new QueueFilter(), subscriber, Ct));

        Assert.Equal(ErrorKind.Forbidden, refusal.Kind);
        Assert.Equal(0, await portal.Get<ApprovalQueue>().CountWaitingAsync(subscriber, Ct));
    }
}
