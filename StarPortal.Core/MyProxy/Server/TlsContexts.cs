namespace StarPortal.Core.MyProxy;

/// <summary>TLS with the host's present certificate: made again when that is renewed.</summary>
internal sealed class TlsContexts(HostIdentity identity)
{
    private volatile Known? known;

    private sealed record Known(string Version, TlsServerContext Context);

    public async ValueTask<TlsServerContext> GetAsync(CancellationToken ct)
    {
        var material = await identity.GetAsync(ct);
        if (known is { } current && current.Version == material.Version) return current.Context;
        var context = TlsServerContext.Of(material.Chain, material.PrivateKey);
        known = new(material.Version, context); // connections keep the one before for as long as they last
        return context;
    }
}
