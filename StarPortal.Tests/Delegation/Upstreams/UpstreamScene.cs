using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StarPortal.Core.Acme;
using StarPortal.Core.Delegation;
using StarPortal.Tests.Acme;
using AcmeClient = StarPortal.Core.Delegation.AcmeClient;

namespace StarPortal.Tests.Delegation;

/// <summary>The portal's side of a talk with an upstream: a connection, a key, and no portal around them.</summary>
internal sealed class UpstreamScene : IDisposable
{
    private UpstreamScene(UpstreamServer server, UpstreamDialer dialer) => Connection = new UpstreamConnection(server, dialer, TimeProvider.System);

    public UpstreamConnection Connection { get; }

    public UpstreamKey Key { get; } = UpstreamKey.Make();

    public UpstreamAccounts Accounts => new(Connection);

    public static UpstreamWait Wait { get; } = new(TimeProvider.System);

    public static ChallengeRunner Runner { get; } = new(Wait, TimeProvider.System, NullLogger<ChallengeRunner>.Instance);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <param name="allowsPrivate">Whether the guard lets validations connect to this machine; by default it doesn't.</param>
    public static UpstreamScene At(UpstreamServer server, bool allowsPrivate = false) => new(server, Dialer(allowsPrivate));

    private static UpstreamDialer Dialer(bool allowsPrivate)
    {
        var options = Options.Create(new AcmeOptions { AllowPrivateAddresses = allowsPrivate });
        return new UpstreamDialer(new TargetResolver(Resolver(), new AddressGuard(options), options), new TargetConnector(options));
    }

    /// <param name="servers">Whom it asks; none: the system's.</param>
    public static DnsResolver Resolver(params string[] servers)
    {
        var options = Options.Create(new AcmeOptions { DnsServers = servers });
        return new DnsResolver(new DnsServerList(options), options, NullLogger<DnsResolver>.Instance);
    }

    /// <summary>A client with an account of its own.</summary>
    public async Task<AcmeClient> RegisterAsync(UpstreamBinding? binding = null) => ClientOf(await Accounts.RegisterAsync(Key, ["mailto:pki@example.org"], binding, Ct));

    public AcmeClient ClientOf(UpstreamAccount account, UpstreamKey? key = null) => new(Connection, key ?? Key, account.Url);

    /// <summary>Order, challenges, finalize, download and check.</summary>
    public static async Task<CheckedChain> IssueAsync(AcmeClient client, IReadOnlyList<IChallengeSolver> solvers, params string[] names)
    {
        var csr = OrderScene.Csr(names);
        var order = await Runner.AuthorizeAsync(client, await client.OrderAsync(OrderOf(names), Ct), solvers, Ct);
        var valid = await Wait.UntilValidAsync(client, await client.FinalizeAsync(order, csr, Ct), Ct);
        return CheckOf(csr, names).Require(await client.DownloadAsync(valid.Certificate!, Ct), TimeProvider.System.GetUtcNow());
    }

    public static NewUpstreamOrder OrderOf(params string[] names) => new([.. names.Select(AcmeIdentifier.Dns)]);

    public static CertificateCheck CheckOf(byte[] csr, params string[] names) =>
        new(StarPortal.Core.Authority.SigningRequest.Parse(csr), [.. names.Select(AcmeIdentifier.Dns)], TimeSpan.FromDays(5 * 366));

    public static async Task<UpstreamException> FailsAsync(UpstreamFailure failure, Func<Task> act)
    {
        var error = await Assert.ThrowsAsync<UpstreamException>(act);
        Assert.Equal((failure, error.Message), (error.Failure, error.Message));
        return error;
    }

    public void Dispose()
    {
        Connection.Dispose();
        Key.Dispose();
    }
}
