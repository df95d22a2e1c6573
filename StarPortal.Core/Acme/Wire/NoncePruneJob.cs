using StarPortal.Core.Jobs;

namespace StarPortal.Core.Acme;

/// <summary>Used nonces are kept for as long as they could be sent again.</summary>
internal sealed class NoncePruneJob(SharedNonces nonces) : IPortalJob
{
    public string Name => "acme-nonce-prune";

    public async Task<string> RunAsync(CancellationToken ct) => $"{await nonces.PruneAsync(ct)} used nonces forgotten";
}
