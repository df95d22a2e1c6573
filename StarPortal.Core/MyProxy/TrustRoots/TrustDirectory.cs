using System.Formats.Asn1;
using System.Security;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace StarPortal.Core.MyProxy;

/// <summary>
/// Other CAs, from <c>MyProxy:TrustDirectory</c>: a directory as grid tools keep it. Read again when a file changes. A CA is taken whole or not at all: without its signing
/// policy it could name anybody, and with a CRL that has ended it could have revoked anybody.
/// </summary>
public sealed partial class TrustDirectory(IOptions<MyProxyOptions> options, TimeProvider clock, ILogger<TrustDirectory> logger)
{
    private const int MaxAuthorities = 1000;
    private const int MaxFileLength = 4 * 1024 * 1024;

    private readonly Lock turn = new();

    private string seen = "";
    private IReadOnlyList<TrustDirectoryEntry> entries = [];
    private HashSet<string> setAside = new(StringComparer.Ordinal);

    /// <summary>The CAs that serve now.</summary>
    internal IReadOnlyList<TrustAnchor> Read()
    {
        if (options.Value.TrustDirectory is not { Length: > 0 } path) return [];
        lock (turn)
        {
            Refresh(path);
            var now = clock.GetUtcNow();
            List<string> problems = [.. entries.Select(entry => entry.FindProblem(now)).OfType<string>()];
            foreach (var problem in problems.Where(problem => !setAside.Contains(problem))) LogSetAside(problem);
            setAside = [.. problems];
            return [.. entries.Where(entry => entry.FindProblem(now) is null).Select(entry => entry.Anchor!)];
        }
    }

    private void Refresh(string path)
    {
        try
        {
            var files = new DirectoryInfo(path).EnumerateFiles().Where(file => CertificateFile().IsMatch(file.Name)).OrderBy(file => file.Name, StringComparer.Ordinal).Take(MaxAuthorities).ToList();
            var now = string.Join('\n', files.SelectMany(file => BelongingTo(file)).Select(file => $"{file.Name} {(file.Exists ? file.Length : -1)} {file.LastWriteTimeUtc.Ticks}"));
            if (now == seen) return;
            entries = [.. files.Select(Load).DistinctBy(entry => entry.Anchor?.Hash ?? entry.Name, StringComparer.Ordinal)];
            seen = now;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or SecurityException)
        {
            // What was read before goes on: a directory that is being replaced is away for a moment.
            LogUnreadable(path, error);
        }
    }

    private static FileInfo[] BelongingTo(FileInfo certificate) => [certificate, Beside(certificate, "signing_policy"), Beside(certificate, "r0")];

    private static FileInfo Beside(FileInfo certificate, string extension) => new(Path.ChangeExtension(certificate.FullName, extension));

    private static TrustDirectoryEntry Load(FileInfo certificate)
    {
        try
        {
            var crl = Beside(certificate, "r0");
            return TrustDirectoryEntry.Of(certificate.Name, ReadFile(certificate), ReadFile(Beside(certificate, "signing_policy")), crl.Exists ? ReadFile(crl) : null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or AsnContentException or CryptographicException or FormatException or ArgumentException or RegexMatchTimeoutException)
        {
            return new TrustDirectoryEntry(certificate.Name, null, null, error.Message);
        }
    }

    private static byte[] ReadFile(FileInfo file) =>
        file.Length <= MaxFileLength ? File.ReadAllBytes(file.FullName) : throw new IOException($"{file.Name} is longer than {MaxFileLength / 1024 / 1024} MiB.");

    [LoggerMessage(Level = LogLevel.Warning, Message = "A CA of MyProxy:TrustDirectory is set aside: {Problem}")]
    private partial void LogSetAside(string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "MyProxy:TrustDirectory {Path} cannot be read; what was read before goes on")]
    private partial void LogUnreadable(string path, Exception error);

    [GeneratedRegex(@"^[0-9a-f]{8}\.0\z", RegexOptions.None, 1000)]
    private static partial Regex CertificateFile();
}
