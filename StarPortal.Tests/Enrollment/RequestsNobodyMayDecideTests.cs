using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;
using StarPortal.Tests.Approval;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Enrollment;

[Trait("Category", "Unit")]
public sealed class RequestsNobodyMayDecideTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OnlyDecidersOwnRequest_IsNamed_UntilSomebodyElseIsAppointed()
    {
        await using var portal = await TestPortal.StartAsync();
        var lab = await portal.AddOrganisationAsync("Plasma Lab");
        var request = await Queued.AddAsync(portal, lab);
        var own = portal.Get<RequestsNobodyMayDecide>();
        await using (var db = portal.NewDb())
        {
            db.RoleGrants.Add(RoleGrant.To(request.UserId, PortalRole.Administrator, null, isDeputy: false, portal.Clock.Now, null, Actor.System("test")));
            await db.SaveChangesAsync(Ct);
        }

        Assert.Equal([request.FullName], await own.ReadAsync(Ct));
        await portal.AddOfficerAsync(lab);
        Assert.Empty(await own.ReadAsync(Ct));
    }
}
