using System.Text;
using System.Text.RegularExpressions;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>
/// A directory that an export writes into, one at a time. A list of what it wrote lies in it, so that it neither removes nor overwrites anything else.
/// </summary>
internal sealed partial class StorageTarget : IDisposable
{
    private const string ListName = ".starportal-export";
    private const string TurnName = ".starportal-turn";

    private readonly string directory;
    private readonly FileStream turn;

    private StorageTarget(string directory, FileStream turn) => (this.directory, this.turn) = (directory, turn);

    /// <exception cref="ServiceException">Invalid: it can't be made, or others may look into it; Conflict: another export is at work in it.</exception>
    public static StorageTarget Open(string directory)
    {
        try
        {
            PrivateDirectory.Create(directory);
            // A genuine server does not start on a directory that others may enter.
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var target = new StorageTarget(directory, TakeTurn(directory));
            target.RemovePartial();
            return target;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw MyProxyErrors.BadDirectory(directory, "it can't be made, or is somebody else's.");
        }
    }

    public void Dispose() => turn.Dispose();

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
    /// <returns>Those of them that are a stranger's: nothing may be written there.</returns>
    public async Task<IReadOnlySet<string>> AnnounceAsync(IReadOnlyCollection<string> places, CancellationToken ct)
    {
        var own = (await ReadListAsync(ct)).ToHashSet(StringComparer.Ordinal);
        var strangers = places.Where(place => !own.Contains(place) && HasFiles(place)).ToHashSet(StringComparer.Ordinal);
        await WriteListAsync([.. own, .. places.Where(place => !strangers.Contains(place))], ct);
        return strangers;
    }

    /// <summary>Of what an earlier export wrote, the credentials that are no more.</summary>
    /// <param name="places">As above: what is.</param>
    public async Task<IReadOnlyCollection<string>> FindOthersAsync(IReadOnlySet<string> places, CancellationToken ct) => [.. (await ReadListAsync(ct)).Where(place => !places.Contains(place) && HasFiles(place))];

    /// <summary>Removes what was found so.</summary>
    /// <returns>How many credentials.</returns>
    public async Task<int> RemoveAsync(IEnumerable<string> others, IReadOnlySet<string> places, CancellationToken ct)
    {
        var removed = others.Count(RemovePlace);
        await WriteListAsync(places, ct);
        return removed;
    }

    /// <summary>Removes what an earlier export wrote for one credential; nothing, when another has its place by now.</summary>
    public async Task<bool> RemoveAsync(string place, CredentialKey key, CancellationToken ct)
    {
        if (!(await ReadListAsync(ct)).Contains(place, StringComparer.Ordinal)) return false;
        var path = Path.Combine(directory, place + StorageFileName.Data);
        if (File.Exists(path))
        {
            var data = StorageData.Read(path, await File.ReadAllTextAsync(path, ct));
            if (data.UserName != key.UserName || data.CredentialName != key.CredentialName) return false;
        }

        return RemovePlace(place);
    }

    /// <summary>The credential first: data without one is no credential, the other way round it is one without an owner.</summary>
    private bool RemovePlace(string place)
    {
        if (place != Path.GetFileName(place)) return false;
        var removed = Remove(Path.Combine(directory, place + StorageFileName.Credentials));
        Remove(Path.Combine(directory, place + StorageFileName.Data));
        Remove(Path.Combine(directory, place + StorageFileName.Lock));
        return removed;
    }

    private bool HasFiles(string place) =>
        ((string[])[StorageFileName.Credentials, StorageFileName.Data, StorageFileName.Lock]).Any(ending => File.Exists(Path.Combine(directory, place + ending)));

    /// <summary>Held until this is disposed of, or the process ends.</summary>
    private static FileStream TakeTurn(string directory)
    {
        var path = Path.Combine(directory, TurnName);
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            return new FileStream(path, options);
        }
        catch (IOException) when (File.Exists(path))
        {
            throw MyProxyErrors.DirectoryBusy(directory);
        }
    }

    /// <summary>What an export that was killed had begun to write.</summary>
    private void RemovePartial()
    {
        foreach (var path in Directory.EnumerateFiles(directory, "*.part").Where(path => Partial().IsMatch(Path.GetFileName(path)))) File.Delete(path);
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

    [GeneratedRegex(@"(?:\.(?:creds|data|lock)|\A\.starportal-export)\.[0-9a-f]{32}\.part\z", RegexOptions.None, 1000)]
    private static partial Regex Partial();
}
