using Microsoft.Extensions.Options;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.MyProxy.Server;

[Trait("Category", "Unit")]
public sealed class MyProxyPortTests
{
    [Theory]
    [InlineData("Portal:HttpsPort")]
    [InlineData("Portal:HttpPort")]
    [InlineData("Star:LookupPort")]
    public async Task Start_IsRefused_WhenMyProxyHasThePortOfAnother(string setting)
    {
        var port = $"{FreePorts.Take(1)[0]}";
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(async () => await WebPortal.StartAsync(new Dictionary<string, string?> { [setting] = port, ["MyProxy:Port"] = port }));
        Assert.Contains($"MyProxy:Port and {setting} are both {port}", Assert.Single(refused.Failures), StringComparison.Ordinal);
    }
}
