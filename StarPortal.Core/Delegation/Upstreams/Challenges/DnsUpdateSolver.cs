using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StarPortal.Core.Acme;

namespace StarPortal.Core.Delegation;

/// <summary>dns-01 by dynamic update (RFC 2136): adds our value beside those that are there, and deletes it alone.</summary>
public sealed class DnsUpdateSolver(DnsUpdateSettings settings, ChallengeRecord record, IOptions<AcmeOptions> options, TimeProvider clock, ILogger<DnsResolver> logger) : IChallengeSolver
{
    private readonly DnsServerList server = new([settings.Server], systemFile: "");

    public ChallengeType Type => ChallengeType.Dns01;

    public Task PresentAsync(ChallengeTask task, CancellationToken ct) => UpdateAsync(task, isDeletion: false, ct);

    public async Task<bool> IsReadyAsync(ChallengeTask task, CancellationToken ct)
    {
        var name = await record.FindAsync(task.Identifier, ct);
        foreach (var witness in settings.SeenBy.DefaultIfEmpty(settings.Server))
        {
            var answer = await ResolverAt(new DnsServerList([witness], systemFile: "")).AskAsync(name, DnsRecordType.Text, ct);
            if (!answer.All<TextRecord>().Any(text => text.Text == task.TextValue)) return false;
        }

        return true;
    }

    public Task CleanUpAsync(ChallengeTask task, CancellationToken ct) => UpdateAsync(task, isDeletion: true, ct);

    private async Task UpdateAsync(ChallengeTask task, bool isDeletion, CancellationToken ct)
    {
        if (await server.GetAsync(ct) is not [var address, ..]) throw new ChallengeFailedException($"The DNS server {settings.Server} has no address.", mayPass: true);
        var name = await record.FindAsync(task.Identifier, ct);
        var update = new DnsUpdate(await FindZoneAsync(name, ct), name, task.TextValue, settings.TimeToLive, isDeletion);
        await new DnsUpdateExchange(address, settings.Key, settings.Timeout, clock).SendAsync(update, ct);
    }

    /// <summary>The nearest name above that the server has a SOA record of.</summary>
    private async Task<DnsName> FindZoneAsync(DnsName name, CancellationToken ct)
    {
        if (settings.Zone is { } configured) return DnsName.Parse(configured);
        var resolver = ResolverAt(server);
        var trouble = "";
        for (var zone = name; !zone.IsRoot; zone = zone.Parent)
        {
            var answer = await resolver.AskAsync(zone, DnsRecordType.StartOfAuthority, ct);
            if (answer.Kind is DnsAnswerKind.Found && answer.Name == zone) return zone;
            if (answer.Kind is DnsAnswerKind.Failed) trouble = $" ({answer.Trouble})";
        }

        throw new ChallengeFailedException($"The DNS server {settings.Server} has no zone for {name}{trouble}.", mayPass: trouble.Length > 0);
    }

    private DnsResolver ResolverAt(DnsServerList servers) => new(servers, options, logger);
}
