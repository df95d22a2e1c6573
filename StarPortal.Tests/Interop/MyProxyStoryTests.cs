using StarPortal.Tests.Reliability;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Interop;

/// <summary>From the request in a browser to a proxy on a machine that has nothing yet, by the genuine clients and by the commands of docs/myproxy.md as they stand there.</summary>
[Trait("Category", "Interop")]
public sealed class MyProxyStoryTests : IAsyncLifetime
{
    private const string New = "copper meadow zeppelin nine";

    private readonly TestFolder home = new();
    private PortalApplication portal = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        portal = await PortalApplication.StartAsync();
        Directory.CreateSymbolicLink(home["var"], portal.DataDirectory);
        await File.WriteAllTextAsync(home["passphrase"], AskedRequest.Passphrase + "\n", Ct);
        await File.WriteAllTextAsync(home["new-passphrase"], New + "\n", Ct);
        using var scene = await RequestScene.AskAndConfirmAsync(portal, "ada");
        using var officer = new PlainBrowser(portal);
        await officer.SignInAsync(portal.PersonaOf("officer"));
        await scene.DecideAsync(officer, "approve");
        await portal.WaitForMailAsync(scene.Email, "/account/certificates/");
    }

    public async ValueTask DisposeAsync()
    {
        await portal.DisposeAsync();
        home.Dispose();
    }

    [Fact]
    public async Task IssuedCredential_LogsOnAtOnce_OnAnEmptyMachine()
    {
        var said = await RunAsync(Guide.Blocks("myproxy.md", "## Five minutes to a proxy", "sh")[0]);
        Assert.Contains("A credential has been received for user ada in ada.proxy.", said, StringComparison.Ordinal);
        Assert.Contains("RFC 3820 compliant impersonation proxy", said, StringComparison.Ordinal);
        Assert.Contains("/CN=Ada Lovelace", said, StringComparison.Ordinal);
        Assert.Contains("ada.proxy: OK", said, StringComparison.Ordinal);
        await RunAsync("X509_USER_CERT=ada.proxy X509_USER_KEY=ada.proxy grid-proxy-init -rfc -out second.proxy");
        Assert.Contains("second.proxy: OK", await RunAsync("openssl verify -allow_proxy_certs -CAfile var/pki/root.pem -untrusted second.proxy second.proxy"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EveryCommandOfTheGuide_Runs_AndThePassphraseIsThePortalsToo()
    {
        var said = await RunAsync(string.Concat(Guide.Blocks("myproxy.md", "## Five minutes to a proxy", "sh").Concat(Guide.Blocks("myproxy.md", "## What else the clients do", "sh"))));
        Assert.Contains("username: ada", said, StringComparison.Ordinal);
        Assert.Contains("A credential has been received for user ada-week in work.proxy.", said, StringComparison.Ordinal);
        using var person = new PlainBrowser(portal);
        await person.SignInAsync(new Persona("ada", New));
    }

    private async Task<string> RunAsync(string commands)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOME"] = home.FullPath, ["LOGNAME"] = "ada", ["USER"] = "ada", ["MYPROXY_SERVER_PORT"] = $"{portal.MyProxyPort}", ["X509_USER_PROXY"] = home["none"], ["X509_CERT_DIR"] = home[".globus", "certificates"],
        };
        return (await Tool.RunAsync("bash", environment, ["-c", $"set -euo pipefail; cd \"$HOME\"\n{commands}"])).Require($"{commands}\n{portal.Output}\n");
    }
}
