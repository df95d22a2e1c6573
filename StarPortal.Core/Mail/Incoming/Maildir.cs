using Microsoft.Extensions.Options;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Mail;

/// <summary>
/// The Maildir (<c>Mail:Maildir</c>) that a mail server delivers into, or <c>mbsync</c> copies to. Messages in <c>new/</c> and <c>cur/</c> are waiting; one that is done with is
/// moved, in one step, to the Maildir's folder <c>.StarPortal</c>, where it stays.
/// </summary>
public sealed class Maildir(IOptions<MailOptions> options)
{
    /// <summary>Octets of a message that are read; of longer ones the first so many.</summary>
    public const int MaxRead = 1024 * 1024;

    private const string DoneFolder = ".StarPortal";

    /// <summary>Whether there is one to read.</summary>
    public bool IsConfigured => !string.IsNullOrWhiteSpace(options.Value.Maildir);

    private string Root => options.Value.Maildir ?? throw new InvalidOperationException("Mail:Maildir is not set.");

    /// <summary>Those that wait, in no order, listed while they are taken: however many there are, memory does not grow.</summary>
    /// <exception cref="IOException">The Maildir can't be read.</exception>
    public IEnumerable<IncomingFile> Waiting()
    {
        foreach (var folder in (string[])["new", "cur"])
        {
            var directory = new DirectoryInfo(Path.Combine(Root, folder));
            if (!directory.Exists) continue;
            foreach (var file in directory.EnumerateFiles())
            {
                if (Find(file) is { } message) yield return message;
            }
        }
    }

    /// <returns>Null: no message, or gone meanwhile.</returns>
    private static IncomingFile? Find(FileInfo file)
    {
        try
        {
            // A link leads out of the Maildir: nobody who delivers makes one.
            return file.Name.StartsWith('.') || file.LinkTarget is not null ? null : new(NameOf(file.Name), file.FullName, file.Length, new DateTimeOffset(file.LastWriteTimeUtc));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <returns>Its first octets, at most <see cref="MaxRead"/>; null: it is gone meanwhile, or can't be read.</returns>
    public static async Task<byte[]?> FindContentAsync(IncomingFile message, CancellationToken ct)
    {
        try
        {
            await using var file = new FileStream(message.FullPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var content = new byte[Math.Min(file.Length, MaxRead)];
            var read = await file.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, ct);
            return content[..read];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Moves it to the folder of those that are done with; once more does no harm.</summary>
    /// <returns>False: it can't be moved, and is still there.</returns>
    public bool TryPutAway(IncomingFile message)
    {
        var target = Path.Combine(Root, DoneFolder, "cur", $"{message.Name}:2,S");
        try
        {
            foreach (var folder in (string[])["cur", "new", "tmp"]) PrivateDirectory.Create(Path.Combine(Root, DoneFolder, folder));
            File.Move(message.FullPath, target, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return !File.Exists(message.FullPath); // Another run has moved it, or a mail program.
        }

        PrivateDirectory.Announce(target);
        return true;
    }

    private static string NameOf(string file)
    {
        var flags = file.IndexOf(":2,", StringComparison.Ordinal);
        return flags > 0 ? file[..flags] : file;
    }
}
