using System.Text;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Star;

/// <summary>The certificate file <c>name.pem</c> beside its key <c>name.key</c>. A reader sees the old certificate or the new one, never a part.</summary>
public sealed class CertificateFile(string folder, string name, TimeProvider clock)
{
    private const UnixFileMode PublicMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>A partial file this old belongs to a process that was killed.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromMinutes(10);

    public string FullPath { get; } = Path.GetFullPath(Path.Combine(folder, $"{name}.pem"));

    public string KeyPath { get; } = Path.GetFullPath(Path.Combine(folder, $"{name}.key"));

    /// <summary>There as long as the hook has not yet run well for the certificate in the file; it outlives a kill.</summary>
    private string HookMark { get; } = Path.GetFullPath(Path.Combine(folder, $".{name}.hook-due"));

    public bool HookIsDue => File.Exists(HookMark);

    public static bool IsName(string name) =>
        name.Length is > 0 and <= 200 && name[0] != '.' && name.All(each => char.IsAsciiLetterOrDigit(each) || each is '-' or '_' or '.' or '@' or '+');

    /// <summary>Null when there is none, or none that can be read.</summary>
    public CertificateChain? Find()
    {
        try
        {
            return CertificateChain.Parse(File.ReadAllBytes(FullPath));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FetchFailedException)
        {
            return null;
        }
    }

    /// <summary>Null when there is no key file.</summary>
    public string? FindKey() => File.Exists(KeyPath) ? File.ReadAllText(KeyPath) : null;

    /// <summary>Writes the new certificate to the disk, but not yet to its place.</summary>
    public async Task<StagedCertificate> StageAsync(string pem, CancellationToken ct)
    {
        RemoveAbandoned();
        var partial = Path.Combine(Path.GetDirectoryName(FullPath)!, $".{name}.{Guid.NewGuid():N}.part");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = PublicMode;
        var staged = new StagedCertificate(partial, FullPath);
        try
        {
            await using var file = new FileStream(partial, options);
            if (!OperatingSystem.IsWindows() && File.Exists(FullPath)) File.SetUnixFileMode(file.SafeFileHandle, File.GetUnixFileMode(FullPath));
            await file.WriteAsync(Encoding.ASCII.GetBytes(pem), ct);
            file.Flush(flushToDisk: true);
            PrivateDirectory.Announce(partial);
            return staged;
        }
        catch
        {
            staged.Dispose();
            throw;
        }
    }

    public void MarkHookDue() => File.WriteAllBytes(HookMark, []);

    /// <returns>False when the folder does not let us.</returns>
    public bool TryMarkHookDone()
    {
        try
        {
            File.Delete(HookMark);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void RemoveAbandoned()
    {
        var before = clock.GetUtcNow().UtcDateTime - Abandoned;
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(FullPath)!, $".{name}.*.part"))
            if (File.GetLastWriteTimeUtc(file) < before) File.Delete(file);
    }
}
