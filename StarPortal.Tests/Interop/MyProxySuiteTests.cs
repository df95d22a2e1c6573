using StarPortal.Tests.MyProxy;

namespace StarPortal.Tests.Interop;

/// <summary>/usr/sbin/myproxy-test, which drives every genuine client through every command, as it runs against the genuine server: 47 passed there, 47 here.</summary>
[Trait("Category", "Interop")]
public sealed class MyProxySuiteTests
{
    /// <param name="selfAuthorization">Without it the suite sees renewal refused as the genuine server refuses it; with it the challenge is signed and checked.</param>
    [Theory]
    [InlineData("TLS1_2_VERSION", "false")]
    [InlineData("TLS1_3_VERSION", "true")]
    public async Task Suite_Passes(string version, string selfAuthorization)
    {
        await using var machine = await GridMachine.StartAsync(("MyProxy:Policies:AllowSelfAuthorization", selfAuthorization));
        await machine.MustRunAsync("", "grid-proxy-init", "-valid", "24:00");
        var environment = new Dictionary<string, string> { ["GLOBUS_GSSAPI_MIN_TLS_PROTOCOL"] = version, ["GLOBUS_GSSAPI_MAX_TLS_PROTOCOL"] = version };
        var done = await machine.RunAsync("", environment, "myproxy-test");
        Assert.Contains("47 tests passed, 0 tests failed", done.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("unexpectedly", machine.Portal.Output, StringComparison.Ordinal);
    }
}
