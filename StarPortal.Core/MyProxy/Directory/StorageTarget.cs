using System.Text;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>A directory that an export writes into. A list of what it wrote lies in it, so that it removes nothing else.</summary>
internal sealed class StorageTarget
{
    private const string ListName = ".starportal-export";

    private readonly string directory;

    private StorageTarget(string directory) => this.directory = directory;

    /// <exception cref="ServiceException">Invalid: it can't be made, or others may look into it.</exception>
    public static StorageTarget Open(string directory)
    {
        try
        {
            PrivateDirectory.Create(directory);
            // A genuine server does not start on a directory that others may enter.
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return new StorageTarget(directory);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw MyProxyErrors.BadDirectory(directory, "it can't be made, or is somebody else's.");
        }
    }

    /// <param name="content">Null: there is to be no such file.</param>
    /// <returns>Whether anything changed.</returns>
    public async Task<bool> WriteAsync(string name, byte[]? content, CancellationToken ct)
    {
        var path = Path.Combine(directory, name);
        if (content is null) return Remove(path);
        if (File.Exists(path) && (await File.ReadAllBytesAsync(path, ct)).AsSpan().SequenceEqual(content)) return false;
        await PrivateDirectory.WriteAsync(path, content, ct);
        return true;
    }

    /// <summary>Before anything is written: whatever ends an export half-way, the next one knows what is its own.</summary>
    /// <param name="places">File names without their endings.</param>
    public async Task AnnounceAsync(IEnumerable<string> places, CancellationToken ct) => await WriteListAsync([.. await ReadListAsync(ct), .. places], ct);

    /// <summary>Removes what an earlier export wrote for credentials that are no more.</summary>
    /// <param name="places">As above: what is to stay.</param>
    /// <returns>How many credentials.</returns>
    public async Task<int> RemoveOthersAsync(IReadOnlySet<string> places, CancellationToken ct)
    {
        var removed = 0;
        foreach (var place in (await ReadListAsync(ct)).Where(place => !places.Contains(place) && place == Path.GetFileName(place)))
        {
            // The credential first: data without one is no credential, the other way round it is one without an owner.
            if (Remove(Path.Combine(directory, place + StorageFileName.Credentials))) removed++;
            Remove(Path.Combine(directory, place + StorageFileName.Data));
            Remove(Path.Combine(directory, place + StorageFileName.Lock));
        }

        await WriteListAsync(places, ct);
        return removed;
    }

    private async Task<string[]> ReadListAsync(CancellationToken ct) =>
        File.Exists(Path.Combine(directory, ListName)) ? await File.ReadAllLinesAsync(Path.Combine(directory, ListName), ct) : [];

    private Task<bool> WriteListAsync(IEnumerable<string> places, CancellationToken ct) =>
        WriteAsync(ListName, Encoding.UTF8.GetBytes(string.Concat(places.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(place => $"{place}\n"))), ct);

    private static bool Remove(string path)
    {
        if (!File.Exists(path)) return false;
        File.Delete(path);
        return true;
    }
}
