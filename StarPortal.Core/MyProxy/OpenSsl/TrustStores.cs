namespace StarPortal.Core.MyProxy;

/// <summary>The store of the CAs that are trusted now: made again when they change.</summary>
public sealed class TrustStores(TrustRootShelf shelf)
{
    private volatile Known? known;

    private sealed record Known(string Version, TrustStore Store);

    /// <summary>For one verification or a few, not for keeping.</summary>
    internal async ValueTask<TrustStore> GetAsync(CancellationToken ct)
    {
        var roots = await shelf.GetAsync(ct);
        if (known is { } current && current.Version == roots.Version) return current.Store;
        var store = TrustStore.Of(roots);
        known = new(roots.Version, store); // the one before goes with its finalizer: others may be verifying by it
        return store;
    }
}
