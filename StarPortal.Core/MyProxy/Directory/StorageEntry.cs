using System.Text;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>A credential in the directory of a genuine server.</summary>
internal sealed record StorageEntry(CredentialKey Key, StorageData Data, CredentialContent Content, string? LockMessage)
{
    /// <summary>Beyond any credential: what is larger is something else.</summary>
    private const int MaxFile = 256 * 1024;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="path">Of the <c>.creds</c> file.</param>
    /// <exception cref="ServiceException">Invalid: not that, or nothing that could be served.</exception>
    public static async Task<StorageEntry> ReadAsync(string path, CancellationToken ct)
    {
        var place = path[..^StorageFileName.Credentials.Length];
        var data = StorageData.Read(place + StorageFileName.Data, await ReadTextAsync(place + StorageFileName.Data, ct));
        TextRules.Require(data.Owner, "owner", CredentialContent.MaxSubject);
        var content = CredentialPem.Read(await ReadTextAsync(path, ct));
        var message = File.Exists(place + StorageFileName.Lock) ? LockText(await ReadTextAsync(place + StorageFileName.Lock, ct)) : null;
        return new StorageEntry(CredentialKey.Parse(data.UserName ?? UserNameOf(Path.GetFileName(place), data.CredentialName), data.CredentialName), data, content, message);
    }

    /// <summary>Old servers say the user name by the file's name alone.</summary>
    private static string UserNameOf(string file, string credentialName) =>
        credentialName.Length > 0 && file.EndsWith($"-{credentialName}", StringComparison.Ordinal) ? file[..^(credentialName.Length + 1)] : file;

    /// <summary>A lock without a word is a lock; its lines become one.</summary>
    private static string LockText(string text)
    {
        var line = string.Concat(text.ReplaceLineEndings(" ").Where(character => !char.IsControl(character))).Trim();
        return line.Length == 0 ? "locked" : line.Length > StoredCredential.MaxLockMessage ? line[..StoredCredential.MaxLockMessage] : line;
    }

    private static async Task<string> ReadTextAsync(string path, CancellationToken ct)
    {
        var file = new FileInfo(path);
        if (!file.Exists) throw MyProxyErrors.BadDirectory(path, "there is no such file.");
        if (file.Length > MaxFile) throw MyProxyErrors.BadDirectory(path, "it is too long for a credential.");
        try
        {
            return Utf8.GetString(await File.ReadAllBytesAsync(path, ct));
        }
        catch (Exception error) when (error is ArgumentException or UnauthorizedAccessException or IOException)
        {
            throw MyProxyErrors.BadDirectory(path, error is ArgumentException ? "it is not text in UTF-8." : "it can't be read.");
        }
    }
}
