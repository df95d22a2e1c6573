using System.Security.Cryptography;
using StarPortal.Core.Star;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Star;

/// <summary>A machine with a key and an empty place for the certificate, and the server that it asks.</summary>
internal sealed class FetchScene : IAsyncDisposable
{
    private readonly StarLeafs leafs = new();

    private readonly StarDownload download;

    private FetchScene(StarServer server, TimeProvider clock, FetchLimits limits, bool hasHook, Uri? url)
    {
        (Server, Clock) = (server, clock);
        download = new StarDownload(url ?? server.Url, null, limits, clock);
        File = new CertificateFile(Folder.FullPath, "site", clock);
        Fetcher = new StarFetcher(download, File, hasHook, clock);
        System.IO.File.WriteAllText(File.KeyPath, Key.ExportPkcs8PrivateKeyPem());
    }

    public StarServer Server { get; }

    public TimeProvider Clock { get; }

    public TestFolder Folder { get; } = new();

    public ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public CertificateFile File { get; }

    public StarFetcher Fetcher { get; }

    /// <summary>What is in the certificate's place.</summary>
    public string? InPlace => System.IO.File.Exists(File.FullPath) ? System.IO.File.ReadAllText(File.FullPath) : null;

    public static async Task<FetchScene> StartAsync(TimeProvider? clock = null, FetchLimits? limits = null, bool hasHook = false, Uri? url = null) =>
        new(await StarServer.StartAsync(), clock ?? new TestClock(), limits ?? new FetchLimits(), hasHook, url);

    /// <summary>A chain that begins and ends so many hours from now.</summary>
    public string Chain(double from = -1, double to = 5, ECDsa? key = null) => leafs.Chain(key ?? Key, Clock.GetUtcNow().AddHours(from), Clock.GetUtcNow().AddHours(to));

    public string Chain(Slot slot) => leafs.Chain(Key, slot.NotBefore, slot.NotAfter);

    public Task<Poll> PollAsync() => Fetcher.PollAsync(TestContext.Current.CancellationToken);

    /// <summary>Puts a good certificate in place, by a poll.</summary>
    public async Task<string> HoldAsync(double from = -1, double to = 5)
    {
        var pem = Chain(from, to);
        Server.Answers(pem);
        Assert.Equal(PollOutcome.Replaced, (await PollAsync()).Outcome);
        return pem;
    }

    public async ValueTask DisposeAsync()
    {
        download.Dispose();
        await Server.DisposeAsync();
        leafs.Dispose();
        Key.Dispose();
        Folder.Dispose();
    }
}
