using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>
/// Takes credentials away at other sides, or locks them, as soon as they are taken away or locked here; and repeats a night's run that did not end. Both sides are compared anew each time, so it may
/// be done any number of times. A side that is down is asked again until it answers.
/// </summary>
internal sealed class MirrorErrandHandler(MirrorSites sites, MirrorRuns runs, IDbContextFactory<PortalDbContext> contexts) : IOutboxHandler
{
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(10);

    public string Kind => MirrorErrand.Kind;

    public async Task HandleAsync(OutboxItem item, CancellationToken ct)
    {
        var errand = item.Read<MirrorErrand>();
        if (sites.Targets.Contains(errand.Target, StringComparer.Ordinal)) await DoAsync(errand, ct);
        item.ClearPayload(); // Names of people who are no more are in it.
    }

    private async Task DoAsync(MirrorErrand errand, CancellationToken ct)
    {
        try
        {
            if (errand.Keys is null) await runs.RunAsync(errand.Target, ct);
            else await runs.UpdateAsync(errand.Target, [.. errand.Keys, .. await FindAsync(errand.Certificates ?? [], ct)], ct);
        }
        catch (ServiceException failure)
        {
            throw MyProxyErrors.SiteLater($"{errand.Target}: {failure.Message}", Again);
        }
    }

    private async Task<IReadOnlyList<CredentialKey>> FindAsync(IReadOnlyList<Guid> certificates, CancellationToken ct)
    {
        if (certificates.Count == 0) return [];
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.StoredCredentials.AsNoTracking().Where(credential => certificates.Contains(credential.CertificateId!.Value))
            .Select(credential => new CredentialKey(credential.UserName, credential.CredentialName)).ToListAsync(ct);
    }
}
