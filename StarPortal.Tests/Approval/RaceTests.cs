using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Approval;
using StarPortal.Core.Authority;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Approval;

/// <summary>Two officers at once: whatever the interleaving, one decision and one certificate.</summary>
[Trait("Category", "Unit")]
public sealed class RaceTests
{
    private const int Races = 250;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OneCertificateEach_WhenTwoOfficersApproveAtOnce()
    {
        await using var portal = await TestPortal.StartAsync();
        var lab = await portal.AddOrganisationAsync("Plasma Lab");
        var officers = new[] { await portal.AddOfficerAsync(lab), await portal.AddOfficerAsync(lab) };
        var requests = await Queued.AddManyAsync(portal, lab, Races);

        await Parallel.ForEachAsync(requests, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Ct }, async (request, _) =>
        {
            var refusals = await AtOnceAsync(officers, officer => ApproveAsync(portal, request.Id, officer));
            Assert.Single(refusals, refusal => refusal is { Kind: ErrorKind.Conflict });
        });

        await portal.DrainOutboxAsync();
        await using var db = portal.NewDb();
        Assert.Equal(Races, await db.Decisions.CountAsync(Ct));
        Assert.Equal(Races, await db.IssuedCertificates.CountAsync(row => row.SourceKey.StartsWith("request:"), Ct));
        Assert.Equal(Races, await db.EnrollmentRequests.CountAsync(row => row.Status == RequestStatus.Issued, Ct));
        Assert.Equal(Races, portal.Mails.Count(mail => mail.Subject == "Your certificate is ready"));
    }

    /// <summary>Two votes are needed, and both come at the same moment: neither may get lost, and each counts once.</summary>
    [Fact]
    public async Task BothVotesCount_WhenTwoAreNeededAndComeAtOnce()
    {
        await using var portal = await TestPortal.StartAsync(new Dictionary<string, string?> { ["Approval:OfficersRequired:person"] = "2" });
        var lab = await portal.AddOrganisationAsync("Plasma Lab");
        var officers = new[] { await portal.AddOfficerAsync(lab), await portal.AddOfficerAsync(lab) };
        var requests = await Queued.AddManyAsync(portal, lab, 50);

        foreach (var request in requests) Assert.All(await AtOnceAsync(officers, officer => ApproveAsync(portal, request.Id, officer)), Assert.Null);

        await using var db = portal.NewDb();
        Assert.Equal(50, await db.EnrollmentRequests.CountAsync(row => row.Status == RequestStatus.Approved, Ct));
        Assert.Equal(100, await db.Decisions.CountAsync(Ct));
    }

    [Fact]
    public async Task YesAndNoAtOnce_AreOneDecision()
    {
        await using var portal = await TestPortal.StartAsync();
        var lab = await portal.AddOrganisationAsync("Plasma Lab");
        var (yes, no) = (await portal.AddOfficerAsync(lab), await portal.AddOfficerAsync(lab));

        foreach (var request in await Queued.AddManyAsync(portal, lab, 50))
        {
            var refusals = await AtOnceAsync([yes, no], officer => officer == yes ? ApproveAsync(portal, request.Id, yes) : RejectAsync(portal, request.Id, no));
            Assert.Single(refusals, refusal => refusal is { Kind: ErrorKind.Conflict } && refusal.Message.StartsWith("Already decided", StringComparison.Ordinal));
        }

        await using var db = portal.NewDb();
        Assert.Equal(50, await db.Decisions.CountAsync(Ct));
    }

    /// <summary>All wait at a barrier, so that they start in the same instant.</summary>
    private static Task<ServiceException?[]> AtOnceAsync(IReadOnlyList<Actor> officers, Func<Actor, Task<ServiceException?>> act)
    {
        var barrier = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var all = Task.WhenAll(officers.Select(async officer =>
        {
            await barrier.Task;
            return await Task.Run(() => act(officer), Ct);
        }));
        barrier.SetResult();
        return all;
    }

    private static Task<ServiceException?> ApproveAsync(TestPortal portal, Guid requestId, Actor officer) =>
        RefusalOfAsync(() => portal.Get<ApprovalService>().ApproveAsync(requestId, [], officer, Ct));

    private static Task<ServiceException?> RejectAsync(TestPortal portal, Guid requestId, Actor officer) =>
        RefusalOfAsync(() => portal.Get<ApprovalService>().RejectAsync(requestId, RejectionCode.Other, "no", officer, Ct));

    private static async Task<ServiceException?> RefusalOfAsync(Func<Task> act)
    {
        try
        {
            await act();
            return null;
        }
        catch (ServiceException refusal)
        {
            return refusal;
        }
    }
}
