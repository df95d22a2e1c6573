using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StarPortal.Core.Acme;

namespace StarPortal.Core.Delegation;

/// <summary>Makes what is configured: connections and solvers of other CAs.</summary>
public sealed class UpstreamFactory(UpstreamDialer dialer, UpstreamKeys keys, ChallengeSolvers solvers, TimeProvider clock)
{
    public UpstreamAccess Make(string name, UpstreamOptions options) =>
        new(name, options, new UpstreamConnection(ServerOf(options), dialer, clock), keys, [solvers.Make(options)]);

    private static UpstreamServer ServerOf(UpstreamOptions options) => new(new Uri(options.Directory))
    {
        RootsPem = options.RootsFile is { } file ? File.ReadAllText(file) : null, AllowsOtherHosts = options.AllowOtherHosts, Limits = new UpstreamLimits { Timeout = options.Timeout },
    };
}

/// <summary>Makes the solver that an upstream's challenges are met by.</summary>
public sealed class ChallengeSolvers(HttpSolver http, ChallengeRecord record, IOptions<AcmeOptions> acme, TimeProvider clock, ILogger<DnsResolver> logger)
{
    public IChallengeSolver Make(UpstreamOptions options) => options.Challenge switch
    {
        ChallengeMethod.Http01 => http,
        ChallengeMethod.DnsHook => new HookSolver(new HookSettings(options.Hook!), record),
        ChallengeMethod.DnsUpdate => new DnsUpdateSolver(UpdateOf(options), record, acme, clock, logger),
    };

    private static DnsUpdateSettings UpdateOf(UpstreamOptions options) =>
        TsigKey.TryParse(options.TsigName!, options.TsigAlgorithm, options.TsigSecret!, out var key)
            ? new DnsUpdateSettings(options.DnsServer!, key) { Zone = options.DnsZone, SeenBy = options.DnsSeenBy.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) }
            : throw new InvalidOperationException("The key was checked at start.");
}
