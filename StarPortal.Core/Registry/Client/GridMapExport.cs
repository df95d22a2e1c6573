using StarPortal.Core.Shared;

namespace StarPortal.Core.Registry;

/// <summary>A grid-mapfile in its place on the resource's machine. A reader sees the old one or the new one, never a part; on any failure the old one stays.</summary>
public sealed class GridMapExport(string path)
{
    private const UnixFileMode PublicMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly string place = Path.GetFullPath(path);

    /// <returns>Whether the file was replaced; false: it is as it was.</returns>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Nor may it.</exception>
    /// <exception cref="Star.FetchFailedException">The portal does not give it.</exception>
    public async Task<bool> RunAsync(GridMapDoor door, CancellationToken ct)
    {
        var present = File.Exists(place) ? await File.ReadAllBytesAsync(place, ct) : null;
        if (await door.GetAsync(present, ct) is not { } fresh) return false;
        await ReplaceAsync(fresh, ct);
        return true;
    }

    private async Task ReplaceAsync(byte[] content, CancellationToken ct)
    {
        var partial = Path.Combine(Path.GetDirectoryName(place)!, $".{Path.GetFileName(place)}.{Guid.NewGuid():N}.part");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = PublicMode;
        try
        {
            await using (var file = new FileStream(partial, options))
            {
                if (!OperatingSystem.IsWindows() && File.Exists(place)) File.SetUnixFileMode(file.SafeFileHandle, File.GetUnixFileMode(place));
                await file.WriteAsync(content, ct);
                file.Flush(flushToDisk: true);
            }

            File.Move(partial, place, overwrite: true);
            PrivateDirectory.Announce(place);
        }
        finally
        {
            File.Delete(partial);
        }
    }
}
