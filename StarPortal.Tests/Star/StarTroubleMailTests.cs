using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Mail;
using StarPortal.Core.Star;

namespace StarPortal.Tests.Star;

/// <summary>Who hears that certificates are not renewed.</summary>
[Trait("Category", "Unit")]
public sealed class StarTroubleMailTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Renewals_ThatStandStill_AreToldOnceADay()
    {
        await using var scene = await StarOrderScene.StartAsync();
        await scene.AddAdministratorAsync();
        using var client = await scene.NewAccountAsync();
        await scene.BeginValidatedAsync(client);
        scene.World.CaaForbids.Add("star.example.net");
        await scene.PassAsync(TimeSpan.FromHours(3));
        await RunAsync(scene);
        Assert.Empty(await SubjectsAsync(scene)); // It may pass by itself.

        await scene.PassAsync(TimeSpan.FromMinutes(15));
        await RunAsync(scene);
        await RunAsync(scene);
        Assert.Equal("Not renewed: star.example.net", Assert.Single(await SubjectsAsync(scene)));
    }

    private static Task<string> RunAsync(StarOrderScene scene) => scene.Portal.Get<StarTroubleJob>().RunAsync(Ct);

    private static async Task<List<string>> SubjectsAsync(StarOrderScene scene)
    {
        await using var db = scene.Portal.NewDb();
        return await db.OutgoingMails.Select(mail => mail.Subject).ToListAsync(Ct);
    }
}
