using StarPortal.Core.Identity;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;
using static StarPortal.Tests.Identity.AccountSupport;

namespace StarPortal.Tests.Identity;

/// <summary>Whom the portal's operator acts for on the command line.</summary>
[Trait("Category", "Unit")]
public sealed class OnBehalfOfTests
{
    [Theory]
    [InlineData("maria")]
    [InlineData("MARIA")]
    public async Task Person_IsFoundByUserName_WithTheRolesOfNow_AndTheLogSaysFromWhere(string userName)
    {
        await using var portal = await TestPortal.StartAsync();
        var administrator = await portal.AddAdministratorAsync();
        var user = await portal.AddAccountAsync("maria");
        await portal.Get<RoleService>().GrantAsync("maria", new RoleOffer { Role = PortalRole.Owner, EndsAt = portal.Clock.Now.AddDays(1) }, administrator, Ct);
        var actor = await portal.Get<Actors>().OnBehalfOfAsync(userName, Ct);
        Assert.Equal((user.Id, "maria", "command line", true), (actor.Id, actor.Name, actor.Address, actor.Is(PortalRole.Owner)));

        portal.Clock.Advance(TimeSpan.FromDays(1));
        Assert.False((await portal.Get<Actors>().OnBehalfOfAsync(userName, Ct)).Is(PortalRole.Owner));
    }

    [Fact]
    public async Task Person_WhoseAddressIsNotConfirmed_IsNobody()
    {
        await using var portal = await TestPortal.StartAsync();
        var user = await portal.AddAccountAsync("maria");
        await using (var db = portal.NewDb())
        {
            (await db.Users.FindAsync([user.Id], Ct))!.EmailConfirmed = false;
            await db.SaveChangesAsync(Ct);
        }

        foreach (var name in new[] { "maria", "nobody", "" }) await RefusedAsync(() => portal.Get<Actors>().OnBehalfOfAsync(name, Ct), ErrorKind.NotFound);
    }
}
