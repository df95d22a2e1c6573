using Microsoft.Extensions.Options;

namespace StarPortal.Core.Delegation;

/// <summary>The CAs that delegated certificates can come from, by name.</summary>
public sealed class UpstreamBook : IDisposable
{
    /// <summary>This portal's own CA.</summary>
    public const string Local = "local";

    private readonly Dictionary<string, IUpstream> byName;
    private readonly Dictionary<string, UpstreamAccess> others;

    public UpstreamBook(LocalUpstream local, UpstreamFactory factory, ChallengeRunner challenges, AcmeUpstreamParts parts, IOptions<DelegationOptions> options)
    {
        others = options.Value.Upstreams.ToDictionary(upstream => upstream.Key, upstream => factory.Make(upstream.Key, upstream.Value), StringComparer.Ordinal);
        byName = others.ToDictionary(upstream => upstream.Key, IUpstream (upstream) => parts.Make(upstream.Value, challenges), StringComparer.Ordinal);
        byName[Local] = local;
    }

    /// <summary>This portal's own first.</summary>
    public IReadOnlyList<string> Names => [Local, .. others.Keys.Order(StringComparer.Ordinal)];

    public bool Has(string name) => byName.ContainsKey(name);

    /// <returns>Null: it is configured no longer.</returns>
    public IUpstream? Find(string name) => byName.GetValueOrDefault(name);

    /// <returns>Null: none of this name, or this portal's own.</returns>
    public UpstreamAccess? FindAccess(string name) => others.GetValueOrDefault(name);

    public void Dispose()
    {
        foreach (var access in others.Values) access.Dispose();
    }
}

/// <summary>What every <see cref="AcmeUpstream"/> shares.</summary>
public sealed class AcmeUpstreamParts(KeptCertificates kept, AcmeUpstreamRenewal renewal, AcmeUpstreamPlacement placement, TimeProvider clock)
{
    internal KeptCertificates Kept => kept;

    internal AcmeUpstreamRenewal Renewal => renewal;

    internal AcmeUpstreamPlacement Placement => placement;

    public AcmeUpstream Make(UpstreamAccess access, ChallengeRunner challenges) => new(access, challenges, this, clock);
}
