using System.Text.Json.Nodes;
using StarPortal.Core.Delegation;
using StarPortal.Tests.Interop;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Delegation;

/// <summary>A delegation by a CA that asks for dns-01, with bind9 and the portal set up as docs/delegation.md has them.</summary>
[Trait("Category", "Interop")]
public sealed class DnsDelegationTests(Bind bind) : IClassFixture<Bind>
{
    private const string Upstream = "public";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Certificate_IsIssued_ByUpdatesOfTheZone()
    {
        var order = await RegisterAsync();
        Assert.Equal((DelegatedOrderStatus.Valid, null), (order.Status, order.Detail));
        Assert.Empty(await bind.TextsAsync($"_acme-challenge.{DelegationScene.Name}"));
    }

    /// <summary>The server knows the key and does not let it: the consumer hears that the owner has to do something, the owner what.</summary>
    [Fact]
    public async Task Update_ThatTheServerRefuses_EndsTheRegistration_WithTheReasonForTheOwner()
    {
        var order = await RegisterAsync(("TsigName", "reader"));
        Assert.Equal((DelegatedOrderStatus.Invalid, "The owner of the names could not show the certificate authority control of them."), (order.Status, order.Reason));
        Assert.Contains("REFUSED", order.Detail, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("reader", order.Reason, StringComparison.Ordinal);
    }

    private async Task<DelegatedOrder> RegisterAsync(params (string Name, string Value)[] changes)
    {
        await using var pebble = await PebbleProcess.StartAsync(bind.Address, httpPort: 1);
        using var folder = new TestFolder();
        await File.WriteAllTextAsync(folder["pebble.pem"], pebble.Server.RootsPem, Ct);
        (string Name, string Value)[] settings =
        [
            .. Documented(), ($"Delegation:Upstreams:{Upstream}:Directory", pebble.Server.Directory.OriginalString), ($"Delegation:Upstreams:{Upstream}:RootsFile", folder["pebble.pem"]),
            ($"Delegation:Upstreams:{Upstream}:DnsServer", bind.Address), ($"Delegation:Upstreams:{Upstream}:TsigSecret", Bind.Secret256), .. changes.Select(change => ($"Delegation:Upstreams:{Upstream}:{change.Name}", change.Value)),
        ];
        await using var owner = await DelegationScene.StartAsync(null, [.. settings.GroupBy(setting => setting.Name, StringComparer.Ordinal).Select(group => group.Last())]); // What was changed last counts.
        owner.Portal.Clock.SetTo(TimeProvider.System.GetUtcNow());
        await owner.DelegateAsync(DelegationScene.Terms() with { Upstream = Upstream });
        await owner.RegisterAndWaitAsync();
        for (var turns = 0; turns < 10 && (await owner.OnlyOrderAsync()).Status is DelegatedOrderStatus.Processing; turns++)
        {
            owner.Portal.Clock.Advance(TimeSpan.FromMinutes(1));
            await owner.WorkAsync();
        }

        return await owner.OnlyOrderAsync();
    }

    /// <summary>The portal's configuration, as the page has it.</summary>
    private static IEnumerable<(string Name, string Value)> Documented()
    {
        var upstream = JsonNode.Parse(Guide.Blocks("delegation.md", "## Upstreams", "json").Single())!["Delegation"]!["Upstreams"]![Upstream]!.AsObject();
        string[] replaced = ["Directory", "DnsServer", "TsigSecret"];
        return upstream.Where(member => !replaced.Contains(member.Key, StringComparer.Ordinal)).Select(member => ($"Delegation:Upstreams:{Upstream}:{member.Key}", (string)member.Value!));
    }
}
