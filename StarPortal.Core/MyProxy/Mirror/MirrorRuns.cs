using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>Runs of one other side, and what is known of them afterwards.</summary>
public sealed class MirrorRuns(MirrorSites sites, MirrorToPortal portals, RepositoryExport export, MirrorStates states, TimeProvider clock)
{
    private static readonly Actor Mirror = Actor.System(MirrorErrand.Kind);

    /// <summary>All of it.</summary>
    /// <param name="target">One of <see cref="MirrorSites.Targets"/>.</param>
    /// <exception cref="ServiceException">It did not end; that is known as well.</exception>
    internal async Task<MirrorReport> RunAsync(string target, CancellationToken ct)
    {
        var kind = KindOf(target);
        try
        {
            var report = kind is MirrorKind.Directory ? Of(await export.ExportAsync(sites.Directory!, Mirror, sites.LimitRemovals, ct)) : await portals.RunAsync(sites.Get(target), ct);
            await states.ChangeAsync(kind, target, state => state.Finish(report, clock.GetUtcNow()), ct);
            return report;
        }
        catch (Exception error) when (error is ServiceException or IOException or UnauthorizedAccessException)
        {
            await states.ChangeAsync(kind, target, state => state.Fail(error.Message, clock.GetUtcNow()), CancellationToken.None);
            throw error as ServiceException ?? MyProxyErrors.SiteFailed($"The directory can't be written: {error.Message}");
        }
    }

    /// <summary>Some credentials, at once.</summary>
    /// <exception cref="ServiceException">It did not end.</exception>
    internal async Task<MirrorReport> UpdateAsync(string target, IReadOnlyList<CredentialKey> keys, CancellationToken ct)
    {
        if (KindOf(target) is not MirrorKind.Directory) return await portals.UpdateAsync(sites.Get(target), [.. keys.Select(key => key.Hash)], ct);
        try
        {
            return Of(await export.UpdateAsync(sites.Directory!, keys, Mirror, ct));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw MyProxyErrors.SiteFailed($"The directory can't be written: {error.Message}");
        }
    }

    internal static MirrorKind KindOf(string target) => target == MirrorSites.DirectoryName ? MirrorKind.Directory : MirrorKind.Site;

    private static MirrorReport Of(DirectoryReport report) => new(report.Done + report.Unchanged + report.Problems.Count, report.Done, report.Removed, report.Problems);
}
