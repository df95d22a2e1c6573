using Microsoft.EntityFrameworkCore;
using StarPortal.Core.MyProxy;
using StarPortal.Tests.MyProxy.Mirror;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.MyProxy.Interop;

/// <summary>A portal that the genuine clients store at, and a second one, a process and CA of its own, which takes its copies. Runs are started by an administrator's button.</summary>
internal sealed class TwoPortals : IAsyncDisposable
{
    private readonly TestFolder folder = new();
    private PlainBrowser? browser;

    private TwoPortals()
    {
    }

    public GridMachine Machine { get; private set; } = null!;

    public PortalApplication First => Machine.Portal;

    public PortalApplication Second { get; private set; } = null!;

    /// <summary>Of the genuine server.</summary>
    public string Store => folder["store"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <param name="ofFirst">Environment of the first's process.</param>
    /// <param name="ofSecond">Of the second's.</param>
    public static async Task<TwoPortals> StartAsync(Func<TwoPortals, IReadOnlyDictionary<string, string>>? ofFirst = null, Func<TwoPortals, IReadOnlyDictionary<string, string>>? ofSecond = null)
    {
        var portals = new TwoPortals();
        MirrorScene.WriteSecret(portals.folder["secret"]);
        var trust = Directory.CreateDirectory(portals.folder["trust"]).FullName;
        portals.Second = await PortalApplication.PrepareAsync(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Portal:Demo"] = "false", ["MyProxy:TrustDirectory"] = trust, ["MyProxy:RefusalDelay"] = "00:00:00",
            ["MyProxy:Mirror:Accept:first:SecretFile"] = portals.folder["secret"],
        });
        await portals.Second.RestartAsync(ofSecond?.Invoke(portals));
        portals.Machine = await GridMachine.StartAsync(
            ofFirst?.Invoke(portals) ?? new Dictionary<string, string>(),
            ("Portal:Demo", "true"), ("MyProxy:Mirror:Name", "first"), ("MyProxy:Mirror:Directory", portals.Store), ("MyProxy:Mirror:Sites:second:Url", portals.Second.BaseUrl.ToString()),
            ("MyProxy:Mirror:Sites:second:SecretFile", portals.folder["secret"]), ("MyProxy:Mirror:Sites:second:RootsFile", Path.Combine(portals.Second.DataDirectory, "pki", "root.pem")));
        foreach (var file in Directory.EnumerateFiles(portals.Machine["trust"])) File.Copy(file, Path.Combine(trust, Path.GetFileName(file))); // The second site trusts the CA whose people log on.
        return portals;
    }

    /// <summary>Somebody signed in at the first portal who may start the run.</summary>
    public async Task<PlainBrowser> AdministratorAsync()
    {
        if (browser is not null) return browser;
        browser = new PlainBrowser(First);
        await browser.SignInAsync(First.PersonaOf("administrator"));
        return browser;
    }

    /// <returns>What the page says then.</returns>
    public async Task<string> RunAsync() => (await (await AdministratorAsync()).SendAsync("/admin/myproxy/mirror", "run")).Text;

    /// <summary>With the user's certificate, at the first portal.</summary>
    public Task StoreAsync(string user, string passphrase) => Machine.MustRunAsync($"{passphrase}\n", "myproxy-init", "-l", user, "-S", "-c", "100");

    /// <summary>At the second portal, from a machine that has never heard of it.</summary>
    public async Task<Tool> LogOnAsync(string user, string passphrase)
    {
        var home = Directory.CreateDirectory(folder[$"home-{Guid.NewGuid():N}"]).FullName;
        return await Machine.RunAsync($"{passphrase}\n", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["MYPROXY_SERVER_PORT"] = $"{Second.MyProxyPort}", ["X509_CERT_DIR"] = Path.Combine(home, "certs"), ["HOME"] = home, ["X509_USER_CERT"] = Path.Combine(home, "none"),
            ["X509_USER_KEY"] = Path.Combine(home, "none"), ["X509_USER_PROXY"] = Path.Combine(home, "none"),
        }, "myproxy-logon", "-l", user, "-S", "-b", "-o", Path.Combine(home, "out.proxy"));
    }

    /// <summary>User names of what lies at each side: the first portal, the second one, the directory.</summary>
    public async Task<(string First, string Second, string Store)> ReadAsync()
    {
        await using var first = First.NewDb();
        await using var second = Second.NewDb();
        return (await NamesAsync(first.StoredCredentials), await NamesAsync(second.StoredCredentials), Join(Directory.EnumerateFiles(Store, "*.creds").Select(path => Path.GetFileNameWithoutExtension(path))));
    }

    public async Task<IReadOnlyList<MirrorState>> StatesAsync()
    {
        await using var db = First.NewDb();
        return await db.MirrorStates.AsNoTracking().OrderBy(state => state.Name).ToListAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        browser?.Dispose();
        if (Machine is not null) await Machine.DisposeAsync();
        if (Second is not null) await Second.DisposeAsync();
        folder.Dispose();
    }

    private static async Task<string> NamesAsync(IQueryable<StoredCredential> credentials) => Join(await credentials.Select(credential => credential.UserName).ToListAsync(Ct));

    private static string Join(IEnumerable<string> names) => string.Join(' ', names.Order(StringComparer.Ordinal));
}
