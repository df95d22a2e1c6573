using System.Security.Cryptography;
using System.Text;

namespace StarPortal.Core.MyProxy;

/// <summary>How a genuine server names its files: <c>user.creds</c>, <c>user-name.creds</c>; long names and those with a slash by their MD5.</summary>
internal static class StorageFileName
{
    public const string Credentials = ".creds";
    public const string Data = ".data";
    public const string Lock = ".lock";

    private const int MaxName = 80;

    /// <summary>Without the ending. Two credentials may have the same: <c>a</c> with the name <c>b</c>, and <c>a-b</c>.</summary>
    public static string Of(CredentialKey key) => key.CredentialName.Length == 0 ? Plain(key.UserName) : $"{Plain(key.UserName)}-{Plain(key.CredentialName)}";

    private static string Plain(string name)
    {
        var octets = Encoding.UTF8.GetBytes(name);
#pragma warning disable CA5351 // The genuine server's own naming, not a matter of security.
        if (octets.Length > MaxName || name.Contains('/')) return Convert.ToHexStringLower(MD5.HashData(octets));
#pragma warning restore CA5351
        return name[0] == '.' ? $"-{name[1..]}" : name;
    }
}
