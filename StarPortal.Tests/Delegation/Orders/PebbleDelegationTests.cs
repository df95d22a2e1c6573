using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Delegation;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Delegation;

/// <summary>A delegation whose certificates come from a CA of another make, which asks for http-01 at the portal's plain port and refuses three nonces of ten.</summary>
[Trait("Category", "Interop")]
public sealed class PebbleDelegationTests(Pebble pebble) : IClassFixture<Pebble>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Certificate_IsIssued_AndRevokedWhenTheOwnerCancels()
    {
        using var folder = new TestFolder();
        await File.WriteAllTextAsync(folder["pebble.pem"], pebble.Server.RootsPem, Ct);
        await using var owner = await DelegationScene.StartAsync(null,
            ($"Delegation:Upstreams:{OtherCa.Upstream}:Directory", pebble.Server.Directory.OriginalString), ($"Delegation:Upstreams:{OtherCa.Upstream}:RootsFile", folder["pebble.pem"]),
            ($"Delegation:Upstreams:{OtherCa.Upstream}:MaxCertificateLife", "2000.00:00:00"), ("Portal:HttpPort", $"{pebble.HttpPort}"));
        owner.Portal.Clock.SetTo(TimeProvider.System.GetUtcNow());
        await owner.DelegateAsync(OtherCa.Terms() with { MaxLifetime = DelegationRules.MostLifetime, MaxValidity = DelegationRules.MostValidity });
        var valid = await UntilValidAsync(owner);
        await using var db = owner.Portal.NewDb();
        var first = await db.KeptCertificates.AsNoTracking().SingleAsync(Ct);
        Assert.Equal(first.Pem, await owner.Portal.Client.GetStringAsync(valid, Ct));

        await owner.Portal.Get<DelegatedOrderDecisions>().CancelAsync((await owner.OnlyOrderAsync()).Id, "", owner.Owner, Ct);
        for (var turns = 0; turns < 10 && (await owner.OnlyOrderAsync()).IsCancelPending; turns++) await TurnAsync(owner);
        var ended = await owner.OnlyOrderAsync();
        Assert.Equal((false, null), (ended.IsCancelPending, ended.Detail));
    }

    private static async Task<string> UntilValidAsync(DelegationScene owner)
    {
        await owner.RegisterAndWaitAsync(DelegationScene.Registration(lifetime: DelegationRules.MostLifetime, validity: DelegationRules.MostValidity));
        for (var turns = 0; turns < 10 && (await owner.OnlyOrderAsync()).Status is DelegatedOrderStatus.Processing; turns++) await TurnAsync(owner);
        var order = await owner.OnlyOrderAsync();
        Assert.Equal((DelegatedOrderStatus.Valid, null), (order.Status, order.Detail));
        return order.CertificateUrl!;
    }

    private static async Task TurnAsync(DelegationScene owner)
    {
        owner.Portal.Clock.Advance(TimeSpan.FromMinutes(1));
        await owner.WorkAsync();
    }
}
