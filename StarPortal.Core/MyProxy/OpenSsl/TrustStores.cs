namespace StarPortal.Core.MyProxy;

internal sealed class TrustStore : IDisposable
{
    public string? FindProblem(IReadOnlyList<byte[]> chainLeafFirst, DateTimeOffset at) => null;

    public void Dispose()
    {
    }
}

public sealed class TrustStores
{
    internal Task<TrustStore> GetAsync(CancellationToken ct) => Task.FromResult(new TrustStore());
}
