namespace StarPortal.Benchmarks.MyProxy;

internal interface IMeasuredServer : IAsyncDisposable
{
    string Name { get; }

    int Port { get; }

    int ProcessId { get; }

    /// <summary>Where clients find whom to trust.</summary>
    string TrustDirectory { get; }
}
