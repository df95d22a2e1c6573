using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Shared;
using StarPortal.Tests.MyProxy.Repository;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.MyProxy.Mirror;

/// <summary>Two portals in this process: <c>first</c>, and <c>second</c> with its door, which takes copies of the first and of a third.</summary>
internal sealed class MirrorScene : IAsyncDisposable
{
    private readonly TestFolder folder = new();

    private MirrorScene()
    {
    }

    public TestPortal First { get; private set; } = null!;

    public WebPortal Second { get; private set; } = null!;

    public string this[string file] => folder[file];

    public MirrorSecret Secret => MirrorSites.ReadSecret(folder["first.secret"]);

    public MirrorSecret ThirdSecret => MirrorSites.ReadSecret(folder["third.secret"]);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<MirrorScene> StartAsync(params (string Key, string Value)[] ofSecond)
    {
        var scene = new MirrorScene();
        WriteSecret(scene["first.secret"]);
        WriteSecret(scene["third.secret"]);
        Dictionary<string, string?> settings = new(StringComparer.Ordinal)
        {
            ["MyProxy:RefusalDelay"] = "00:00:00", ["MyProxy:Mirror:Accept:first:SecretFile"] = scene["first.secret"], ["MyProxy:Mirror:Accept:third:SecretFile"] = scene["third.secret"],
        };
        foreach (var (key, value) in ofSecond) settings[key] = value;
        scene.Second = await WebPortal.StartAsync(settings);
        await File.WriteAllTextAsync(scene["roots.pem"], scene.Second.RootPem, Ct);
        scene.First = await Clients.StartAsync(
            ("MyProxy:Mirror:Name", "first"), ("MyProxy:Mirror:Sites:second:Url", scene.Second.BaseUrl.ToString()), ("MyProxy:Mirror:Sites:second:SecretFile", scene["first.secret"]),
            ("MyProxy:Mirror:Sites:second:RootsFile", scene["roots.pem"]));
        return scene;
    }

    public static void WriteSecret(string path)
    {
        File.WriteAllText(path, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>The night's run.</summary>
    public Task<string> RunAsync() => First.Get<MirrorJob>().RunAsync(Ct);

    public async Task<MirrorState> StateAsync()
    {
        await using var db = First.NewDb();
        return await db.MirrorStates.AsNoTracking().SingleAsync(state => state.Kind == MirrorKind.Site && state.Name == "second", Ct);
    }

    public async Task<StoredCredential?> FindCopyAsync(string userName)
    {
        await using var db = Second.NewDb();
        return await db.StoredCredentials.AsNoTracking().SingleOrDefaultAsync(row => row.UserName == userName, Ct);
    }

    /// <summary>At the second portal, by passphrase.</summary>
    public async Task LogOnAsync(string userName, string passphrase = Clients.Passphrase)
    {
        var decision = await Second.Get<LogonService>().DecideAsync(Clients.Get(userName, passphrase), Clients.Anonymous, Ct);
        Assert.IsType<LogonDecision.Open>(decision).Credential.Dispose();
    }

    public async Task<ServiceException> RefusalAsync(string userName, string passphrase = Clients.Passphrase) =>
        await Assert.ThrowsAsync<ServiceException>(() => LogOnAsync(userName, passphrase));

    public async Task<int> WaitingAsync()
    {
        await using var db = First.NewDb();
        return await db.Outbox.CountAsync(item => item.Status == OutboxStatus.Pending && item.Kind == MirrorErrand.Kind, Ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (First is not null) await First.DisposeAsync();
        if (Second is not null) await Second.DisposeAsync();
        folder.Dispose();
    }
}
