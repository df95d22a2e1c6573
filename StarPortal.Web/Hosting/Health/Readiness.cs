using StarPortal.Core.Authority;
using StarPortal.Core.Data;

namespace StarPortal.Web.Hosting.Health;

/// <summary>How a check went.</summary>
/// <param name="Name">The check.</param>
/// <param name="Problem">Null when it is well.</param>
public sealed record ReadinessResult(string Name, string? Problem);

/// <summary>Whether this node can do its work now: the database answers, the CA can sign, what it publishes is fresh.</summary>
public sealed partial class Readiness(DatabaseProbe database, AuthorityProbe authority, TimeProvider clock, ILogger<Readiness> logger)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private IEnumerable<ReadinessCheck> Checks =>
    [
        new("database", async ct =>
        {
            await database.PingAsync(ct);
            return null;
        }),
        new("authority", async ct => (await authority.ReadAsync(ct)).FirstOrDefault(issuer => !issuer.CanSign) is { } mute ? $"{mute.Name} can't sign" : null),
        new("crl", async ct =>
        {
            var now = clock.GetUtcNow();
            return (await authority.ReadAsync(ct)).FirstOrDefault(issuer => !(now < issuer.CrlValidUntil)) is { } stale ? $"{stale.Name} is out of date" : null;
        }),
    ];

    /// <summary>Runs all checks, each for five seconds at most.</summary>
    public async Task<IReadOnlyList<ReadinessResult>> CheckAsync(CancellationToken ct) =>
        await Task.WhenAll(Checks.Select(check => RunAsync(check, ct)));

    private async Task<ReadinessResult> RunAsync(ReadinessCheck check, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Limit);
        try
        {
            return new(check.Name, await check.Check(limit.Token));
        }
#pragma warning disable CA1031 // Whatever a check throws is the answer: not ready.
        catch (Exception error) when (!ct.IsCancellationRequested)
        {
            LogFailed(error, check.Name);
            return new(check.Name, "does not answer");
        }
#pragma warning restore CA1031
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Readiness check {Check} failed")]
    private partial void LogFailed(Exception error, string check);
}
