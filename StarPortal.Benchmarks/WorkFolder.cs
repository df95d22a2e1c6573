namespace StarPortal.Benchmarks;

/// <summary>A data directory: a temporary one that goes at the end, or one that was named and stays.</summary>
internal sealed class WorkFolder(string? named) : IDisposable
{
    public string FullPath { get; } = named is null ? Directory.CreateTempSubdirectory("starportal-benchmark-").FullName : Directory.CreateDirectory(named).FullName;

    public void Dispose()
    {
        if (named is null) Directory.Delete(FullPath, recursive: true);
    }
}
