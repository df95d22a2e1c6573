using System.Net;
using StarPortal.Core.Delegation;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Delegation;

/// <summary>RFC 9115 2.4: whoever was delegated a name delegates it further. Three parties: the names' owner, a CDN in between, and that CDN's own.</summary>
[Trait("Category", "Unit")]
public sealed class ChainedDelegationTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Order_GoesThroughTheOneBetween_AndTheUrlOfTheCaComesBack()
    {
        await using var owner = await DelegationScene.StartAsync();
        using TestFolder folder = new();
        await using var between = await StartBetweenAsync(owner, folder);
        await between.DelegateAsync(DelegationScene.Terms() with { Upstream = "content-provider" });
        using var registered = await between.RegisterAsync(DelegationScene.Registration());
        await between.WorkAsync();
        await owner.WorkAsync();
        between.Portal.Clock.Advance(TimeSpan.FromSeconds(5));
        await between.WorkAsync();
        using var completion = await between.CompletionAsync(registered.Headers.Location!);
        var valid = await DelegationScene.ReadAsync(completion);
        Assert.Equal("valid", (string?)valid["status"]);
        var url = (string)valid["certificates"]!;
        Assert.StartsWith($"{owner.Portal.BaseUrl}acme/star/", url, StringComparison.Ordinal);
        Assert.Contains("BEGIN CERTIFICATE", await owner.Portal.Client.GetStringAsync(url, Ct), StringComparison.Ordinal);

        // 2.3.6: the owner can stop it; the one between can only stop asking.
        await between.Portal.Get<DelegatedOrderDecisions>().CancelAsync((await between.OnlyOrderAsync()).Id, "", between.Owner, Ct);
        await between.WorkAsync();
        Assert.Contains("BEGIN CERTIFICATE", await owner.Portal.Client.GetStringAsync(url, Ct), StringComparison.Ordinal);
        await owner.Portal.Get<DelegatedOrderDecisions>().CancelAsync((await owner.OnlyOrderAsync()).Id, "", owner.Owner, Ct);
        await owner.WorkAsync();
        using var gone = await owner.Portal.Client.GetAsync(url, Ct);
        Assert.Equal(HttpStatusCode.Forbidden, gone.StatusCode);
    }

    /// <summary>The template of each is obeyed: what the one between lets pass the owner may still refuse.</summary>
    [Fact]
    public async Task Csr_ThatTheOwnersTemplateForbids_IsRefusedInTheEnd()
    {
        await using var owner = await DelegationScene.StartAsync();
        using TestFolder folder = new();
        await using var between = await StartBetweenAsync(owner, folder, ownersPreset: "web-strong");
        await between.DelegateAsync(DelegationScene.Terms() with { Upstream = "content-provider" });
        using var registered = await between.RegisterAsync(DelegationScene.Registration());
        await between.WorkAsync();
        using var completion = await between.CompletionAsync(registered.Headers.Location!);
        var failed = await DelegationScene.ReadAsync(completion);
        Assert.Equal("failed", (string?)failed["status"]);
        Assert.DoesNotContain("P-384", (string)failed["reason"]!, StringComparison.Ordinal);
        Assert.Contains("badCSR", (await between.OnlyOrderAsync()).Detail!, StringComparison.Ordinal);
    }

    private static async Task<DelegationScene> StartBetweenAsync(DelegationScene owner, TestFolder folder, string ownersPreset = "web-ecdsa")
    {
        var template = CsrTemplatePreset.All.Single(preset => preset.Key == ownersPreset).Fill([DelegationScene.Name]).ToJson();
        var delegation = await owner.DelegateAsync(DelegationScene.Terms() with { Template = template });
        var key = await owner.Portal.Get<ConsumerService>().AddAccountKeyAsync(owner.Consumer.Id, owner.Owner, Ct);
        await File.WriteAllTextAsync(folder["root.pem"], owner.Portal.RootPem, Ct);
        const string upstream = "Delegation:Upstreams:content-provider";
        return await DelegationScene.StartAsync(null,
            ($"{upstream}:Directory", $"{owner.Portal.BaseUrl}delegation/directory"), ($"{upstream}:RootsFile", folder["root.pem"]), ($"{upstream}:Delegation", $"{owner.Portal.BaseUrl}delegation/delegation/{delegation.Id:N}"),
            ($"{upstream}:ExternalAccountKeyId", key.Credential.KeyId), ($"{upstream}:ExternalAccountMacKey", key.MacKey));
    }
}
