using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace StarPortal.Core.Authority;

/// <summary>
/// Keys whose private halves are public knowledge: the file <c>Authority:WeakKeyFile</c>, in our form or in that of Debian's
/// openssl-blacklist (CVE-2008-0166). Read once, at start.
/// </summary>
public sealed class WeakKeyList
{
    private const int SpkiDigits = 64;
    private const int DebianDigits = 20;

    private readonly FrozenSet<string> entries;

    /// <exception cref="OptionsValidationException">The file is missing, or a line is in neither form.</exception>
    public WeakKeyList(IOptions<AuthorityOptions> options)
    {
        if (options.Value.WeakKeyFile is not { Length: > 0 } path)
        {
            entries = FrozenSet<string>.Empty;
            return;
        }

        if (!File.Exists(path)) throw Bad($"Authority:WeakKeyFile names {path}, which does not exist.");
        entries = Read(path).ToFrozenSet(StringComparer.Ordinal);
    }

    public int Count => entries.Count;

    public bool Contains(PublicKeyFacts key) =>
        entries.Count > 0 && (entries.Contains(key.Hash) || (key.Kind is KeyKind.Rsa && entries.Contains(DebianEntry(key.Modulus))));

    /// <summary>openssl-vulnkey(1): the last 20 hex digits of the SHA-1 of the line that <c>openssl rsa -modulus</c> prints.</summary>
    internal static string DebianEntry(ReadOnlySpan<byte> modulus)
    {
#pragma warning disable CA5350 // The list's own format, not a matter of security.
        var hash = SHA1.HashData(Encoding.ASCII.GetBytes($"Modulus={Convert.ToHexString(modulus)}\n"));
#pragma warning restore CA5350
        return Convert.ToHexStringLower(hash)[^DebianDigits..];
    }

    private static IEnumerable<string> Read(string path)
    {
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            var text = line.Trim();
            if (text.Length == 0 || text[0] == '#') continue;
            if (text.Length is not (SpkiDigits or DebianDigits) || !text.All(char.IsAsciiHexDigit))
                throw Bad($"Authority:WeakKeyFile: line {number} of {path} has neither {SpkiDigits} nor {DebianDigits} hex digits.");
            yield return text.ToLowerInvariant();
        }
    }

    private static OptionsValidationException Bad(string problem) => new(nameof(AuthorityOptions.WeakKeyFile), typeof(AuthorityOptions), [problem]);
}
