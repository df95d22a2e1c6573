namespace StarPortal.Core.MyProxy;

/// <summary>What the CAs that are trusted now say to chains; read anew when they change.</summary>
public sealed class TrustStores(TrustRootShelf shelf)
{
    private volatile Known? known;

    private sealed record Known(string Version, TrustStore Store, CertifiedNames Names);

    /// <summary>By OpenSSL, and then by the CAs' signing policies: whether each may certify the name that it certified.</summary>
    internal async ValueTask<TrustVerdict> VerifyAsync(IReadOnlyList<byte[]> chainLeafFirst, DateTimeOffset at, CancellationToken ct)
    {
        var (_, store, names) = await ReadAsync(ct);
        var verdict = store.Verify(chainLeafFirst, at);
        return verdict.Problem is null && names.FindProblem(verdict.Chain) is { } problem ? TrustVerdict.Bad(problem) : verdict;
    }

    private async ValueTask<Known> ReadAsync(CancellationToken ct)
    {
        var roots = await shelf.GetAsync(ct);
        if (known is { } current && current.Version == roots.Version) return current;
        // The store before goes with its finalizer: others may be verifying by it.
        return known = new(roots.Version, TrustStore.Of(roots), CertifiedNames.Of(roots));
    }
}
