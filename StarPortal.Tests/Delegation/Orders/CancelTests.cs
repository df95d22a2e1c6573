using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Delegation;
using StarPortal.Core.Star;

namespace StarPortal.Tests.Delegation;

/// <summary>Cancel stops issuance within one period, measured at each kind of CA; docs/delegation.md has the figures.</summary>
[Trait("Category", "Unit")]
public sealed class CancelTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("local")]
    [InlineData("another CA with STAR")]
    [InlineData("another CA without")]
    public async Task Cancel_StopsIssuance_AtOnce(string kind)
    {
        await using var ca = kind.EndsWith("without", StringComparison.Ordinal) ? await OtherCa.StartPlainAsync() : await OtherCa.StartAsync();
        await using var owner = await ca.StartOwnerAsync();
        await owner.DelegateAsync(kind == "local" ? DelegationScene.Terms() : OtherCa.Terms());
        var url = (string)(await owner.RegisterAndWaitAsync())["certificates"]!;
        await PassAsync(ca, owner, hours: 50);
        var (issued, canceledAt, watch) = (await CountAsync(ca, owner), owner.Portal.Clock.Now, Stopwatch.StartNew());
        Assert.InRange(issued, 3, 6);

        await owner.Portal.Get<DelegatedOrderDecisions>().CancelAsync((await owner.OnlyOrderAsync()).Id, "", owner.Owner, Ct);
        await owner.WorkAsync();
        var (told, lastEnd) = (watch.Elapsed, await LastEndAsync(ca, owner));
        using var gone = await owner.Portal.Client.GetAsync(url, Ct);
        Assert.Equal(403, (int)gone.StatusCode);
        await PassAsync(ca, owner, hours: 72); // Three periods.
        Assert.Equal(issued, await CountAsync(ca, owner));
        Assert.InRange(lastEnd - canceledAt, TimeSpan.Zero, 24 * Hour);
        output.WriteLine($"{kind}: canceled after {told.TotalMilliseconds:0} ms; 0 certificates in the 72 hours that followed; the last one ended after {(lastEnd - canceledAt).TotalHours:0.#} hours");
    }

    /// <summary>The CA is not there when the owner cancels: it is told as soon as it is, and by then may have issued what was due meanwhile.</summary>
    [Fact]
    public async Task Cancel_ReachesACaThatWasAway_WithinAnHourOfItsReturn()
    {
        await using var ca = await OtherCa.StartAsync();
        await using var owner = await ca.StartOwnerAsync();
        await owner.DelegateAsync(OtherCa.Terms());
        await owner.RegisterAndWaitAsync();
        ca.Play = (_, http, _) =>
        {
            http.Abort();
            return Task.CompletedTask;
        };
        await owner.Portal.Get<DelegatedOrderDecisions>().CancelAsync((await owner.OnlyOrderAsync()).Id, "", owner.Owner, Ct);
        await PassAsync(ca, owner, hours: 30);
        Assert.True((await owner.OnlyOrderAsync()).IsCancelPending);
        ca.Play = (_, _, next) => next();
        await PassAsync(ca, owner, hours: 1);
        Assert.False((await owner.OnlyOrderAsync()).IsCancelPending);
        var issued = await CountAsync(ca, owner);
        await PassAsync(ca, owner, hours: 48);
        Assert.Equal(issued, await CountAsync(ca, owner));
    }

    /// <summary>Of the registration: at the owner's portal, or at the CA that has STAR.</summary>
    private static async Task<int> CountAsync(OtherCa ca, DelegationScene owner)
    {
        await using var db = owner.Portal.NewDb();
        await using var other = ca.Portal.NewDb();
        return await db.StarCertificates.CountAsync(Ct) + await db.KeptCertificates.CountAsync(Ct) + await other.StarCertificates.CountAsync(Ct);
    }

    private static async Task<DateTimeOffset> LastEndAsync(OtherCa ca, DelegationScene owner)
    {
        await using var db = owner.Portal.NewDb();
        await using var other = ca.Portal.NewDb();
        List<DateTimeOffset> ends =
        [
            .. await db.StarCertificates.Select(certificate => certificate.NotAfter).ToListAsync(Ct), .. await db.KeptCertificates.Select(certificate => certificate.NotAfter).ToListAsync(Ct),
            .. await other.StarCertificates.Select(certificate => certificate.NotAfter).ToListAsync(Ct),
        ];
        return ends.Max();
    }

    private static async Task PassAsync(OtherCa ca, DelegationScene owner, int hours)
    {
        for (var hour = 0; hour < hours; hour++)
        {
            await ca.PassAsync(owner, Hour);
            await owner.Portal.Get<RenewalEngine>().RenewDueAsync(Ct);
        }
    }
}
