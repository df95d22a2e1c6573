namespace StarPortal.Tests.Support;

/// <summary>A temporary folder that goes when the test is over.</summary>
public sealed class TestFolder : IDisposable
{
    public string FullPath { get; } = Directory.CreateTempSubdirectory("starportal-test-").FullName;

    public string this[params string[] parts] => Path.Combine([FullPath, .. parts]);

    /// <summary>Copies files and folders with their modes.</summary>
    public void CopyFrom(string source)
    {
        foreach (var folder in Directory.EnumerateDirectories(source, "*", SearchOption.AllDirectories))
            Directory.CreateDirectory(Path.Combine(FullPath, Path.GetRelativePath(source, folder)), File.GetUnixFileMode(folder));
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
            File.Copy(file, Path.Combine(FullPath, Path.GetRelativePath(source, file)));
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(FullPath, recursive: true);
        }
        catch (IOException)
        {
            // A process that is still ending may hold a file; the system's own cleaning takes the rest.
        }
    }
}
