using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Jobs;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Registry;
using StarPortal.Core.Shared;

namespace StarPortal.Web.Hosting.Status;

/// <summary>Reads how the portal stands; at most once in five seconds, however many ask.</summary>
public sealed partial class StatusReader(
    DatabaseProbe database, RequestBacklog requests, AuthorityProbe authority, JobHistory jobs, MirrorOverview mirrors, HostCertificates certificates, OutsideProbe registry,
    ILogger<StatusReader> logger) : IDisposable
{
    private const string MailKind = "mail";

    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);
    private static readonly Actor Reader = Actor.System("status");

    private readonly SemaphoreSlim turn = new(1, 1);

    /// <summary>The last that was read, for gauges; null before the first.</summary>
    public PortalStatus? Last { get; private set; }

    public async Task<PortalStatus> ReadAsync(CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            return Last is { } last && TimeProvider.System.GetUtcNow() - last.At < Freshness ? last : Last = await ReadNowAsync(ct);
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    private async Task<PortalStatus> ReadNowAsync(CancellationToken ct)
    {
        var now = TimeProvider.System.GetUtcNow();
        DateTimeOffset? siteEnds = certificates.Current is { } site ? new DateTimeOffset(site.Certificate.NotAfter.ToUniversalTime()) : null;
        try
        {
            return new(
                now, await database.ReadOutboxAsync(null, ct), await database.ReadOutboxAsync(MailKind, ct), await requests.ReadAsync(ct),
                await authority.ReadAsync(ct), await jobs.ListAsync(Reader, ct), siteEnds)
            {
                Registry = await registry.ReadAsync(ct),
                Mirrors = await mirrors.ReadTargetsAsync(ct),
            };
        }
#pragma warning disable CA1031 // A database that does not answer is what this page is for.
        catch (Exception error) when (!ct.IsCancellationRequested)
        {
            LogUnreadable(error);
            return new(now, null, null, null, [], [], siteEnds);
        }
#pragma warning restore CA1031
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The portal's status could not be read")]
    private partial void LogUnreadable(Exception error);
}
