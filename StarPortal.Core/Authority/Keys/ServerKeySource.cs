using System.Security.Cryptography;
using System.Text;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Authority;

/// <summary>Where the server key comes from.</summary>
public enum ServerKeyKind
{
    /// <summary>A file of mode 0600, made at first start: <c>keys/server.key</c> in the data directory, or the file named by ServerKeyLocation.</summary>
    File,

    /// <summary>The environment variable named by ServerKeyLocation.</summary>
    EnvironmentVariable,

    /// <summary>The file named by ServerKeyLocation, as an orchestrator mounts secrets. Never made, its mode is the orchestrator's business.</summary>
    SecretFile,
}

/// <summary>Reads the server key: 32 bytes as base64 or 64 hex digits.</summary>
internal static class ServerKeySource
{
    private const int KeySize = 32;

    public static byte[] Read(AuthorityOptions options, PortalOptions portal) => options.ServerKeySource switch
    {
        ServerKeyKind.File => ReadOwnFile(options.ServerKeyLocation ?? portal.PathOf("keys", "server.key")),
        ServerKeyKind.EnvironmentVariable => Decode(
            Environment.GetEnvironmentVariable(options.ServerKeyLocation!), $"the environment variable {options.ServerKeyLocation}"),
        ServerKeyKind.SecretFile => Decode(ReadText(options.ServerKeyLocation!), options.ServerKeyLocation!),
    };

    private static byte[] ReadOwnFile(string path)
    {
        if (!File.Exists(path)) Make(path);
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) is not UnixFileMode.None)
            throw new AuthorityUnusableException($"{path} can be read by others. Run: chmod 600 {path}");
        return Decode(ReadText(path), path);
    }

    /// <summary>Complete or absent, and never over another's: what loses the race reads what won it.</summary>
    private static void Make(string path)
    {
        PrivateDirectory.Create(Path.GetDirectoryName(Path.GetFullPath(path))!);
        PrivateDirectory.TryMake(path, Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeySize)) + "\n"));
    }

    private static string ReadText(string path) => File.Exists(path)
        ? File.ReadAllText(path)
        : throw new AuthorityUnusableException($"Authority:ServerKeyLocation names {path}, which does not exist.");

    private static byte[] Decode(string? text, string origin)
    {
        var trimmed = text?.Trim() ?? "";
        var buffer = new byte[KeySize + 1];
        if (trimmed.Length == 2 * KeySize && trimmed.All(char.IsAsciiHexDigit)) return Convert.FromHexString(trimmed);
        if (Convert.TryFromBase64String(trimmed, buffer, out var written) && written == KeySize) return buffer[..KeySize];
        throw new AuthorityUnusableException($"The server key in {origin} is not 32 bytes in base64 or hex. Make one with: openssl rand -base64 32");
    }
}
