using Microsoft.Extensions.Options;
using StarPortal.Core.Acme;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Delegation;

/// <summary>The ACME server that the portal is as an identifier owner (RFC 9115 2.3.1): where its resources are.</summary>
public sealed class DelegationDirectory(IOptions<PortalOptions> portal)
{
    public const string Path = "/delegation";

    public AcmeLinks Links { get; } = new(Path, portal.Value.Link(""));

    private string Root => Links.PortalUrl + Path;

    public string Delegations(Guid accountId, string? cursor = null) => $"{Links.Account(accountId)}/delegations{(cursor is null ? "" : $"?cursor={cursor}")}";

    public string Delegation(Guid id) => $"{Root}/delegation/{id:N}";

    /// <summary>Where the portal serves certificates itself, for CAs that do not renew them.</summary>
    public string StarCertificate(Guid orderId) => $"{Root}/star/{orderId:N}";

    /// <returns>The delegation that a URL of ours names; null: it is none of ours.</returns>
    public Guid? DelegationOf(string? url) =>
        url is not null && url.StartsWith($"{Root}/delegation/", StringComparison.Ordinal) && AcmeLinks.TryParseId(url.AsSpan(Root.Length + "/delegation/".Length), out var id) ? id : null;
}
