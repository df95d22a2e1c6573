using System.Diagnostics;

namespace StarPortal.Core.Shared;

/// <summary>Folders and files that only the portal's own account may read.</summary>
public static class PrivateDirectory
{
    /// <summary>The diagnostic event <c>FileWritten</c>, with the path, comes as soon as a file is whole under that path and before anything else happens.</summary>
    public const string DiagnosticName = "StarPortal.Files";

    private static readonly DiagnosticListener Diagnostics = new(DiagnosticName);

    /// <summary>Makes the folder, and those above it, with mode 0700 where the system has modes.</summary>
    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Writes a file with mode 0600 in one step: a reader sees the old content or the new one, never a part.</summary>
    public static async Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken ct)
    {
        var partial = NewPartial(path);
        await using (var file = new FileStream(partial, PrivateFile()))
        {
            await file.WriteAsync(content, ct);
            file.Flush(flushToDisk: true);
        }

        File.Move(partial, path, overwrite: true);
        Announce(path);
    }

    /// <summary>As <see cref="WriteAsync"/>, but never over a file that is there: of several that try at once, one wins.</summary>
    /// <returns>Whether this call made the file.</returns>
    public static bool TryMake(string path, ReadOnlySpan<byte> content)
    {
        var partial = NewPartial(path);
        using (var file = new FileStream(partial, PrivateFile()))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(partial, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(partial);
            return false;
        }

        Announce(path);
        return true;
    }

    private static string NewPartial(string path) => $"{path}.{Guid.NewGuid():N}.part";

    private static FileStreamOptions PrivateFile()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    internal static void Announce(string path)
    {
        if (Diagnostics.IsEnabled()) Diagnostics.Write("FileWritten", path);
    }
}
