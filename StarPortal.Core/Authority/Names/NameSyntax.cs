using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace StarPortal.Core.Authority;

/// <summary>The syntax of what stands in subjectAltName, as it stands there (RFC 5280 4.2.1.6).</summary>
public static class NameSyntax
{
    private static readonly SearchValues<char> Specials = SearchValues.Create(" \"(),:;<>@[\\]");

    /// <returns>What is wrong with the name, as a sentence; null when it is well-formed.</returns>
    public static string? FindProblem(SubjectAlternativeName name) => name.Type switch
    {
        NameType.Dns => FindDnsProblem(name.Value),
        NameType.Ip => IPAddress.TryParse(name.Value, out var address) && address.ToString() == name.Value && (address.AddressFamily is AddressFamily.InterNetwork || address.ScopeId == 0)
            ? null : $"'{Shorten(name.Value)}' is not an IP address in its usual form.",
        NameType.Email => FindEmailProblem(name.Value),
        NameType.Uri => name.Value.Length <= 500 && IsPrintableAscii(name.Value) && Uri.TryCreate(name.Value, UriKind.Absolute, out _)
            ? null : $"'{Shorten(name.Value)}' is not an absolute URI.",
    };

    /// <summary>Preferred name syntax (RFC 1034 3.5, RFC 1123 2.1) in lower case; a wildcard may be the whole first label.</summary>
    private static string? FindDnsProblem(string name)
    {
        if (name.Length is 0 or > 253) return $"'{Shorten(name)}' is not a DNS name: one has 1 to 253 characters.";
        var labels = (name.StartsWith("*.", StringComparison.Ordinal) ? name[2..] : name).Split('.');
        if (!labels.All(IsLabel)) return $"'{Shorten(name)}' is not a DNS name in lower-case letters, digits, hyphens and dots (internationalised names in their xn-- form).";
        return labels[^1].All(char.IsAsciiDigit) ? $"'{Shorten(name)}' is not a DNS name: its last part is a number." : null;
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-'
        && label.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '-');

    /// <summary>rfc822Name: local part, @ and domain in ASCII; quoting and comments are not used by anybody.</summary>
    private static string? FindEmailProblem(string address)
    {
        var at = address.LastIndexOf('@');
        var isFine = at is > 0 and <= 64 && address.Length <= 254 && IsPrintableAscii(address)
            && !address.AsSpan(0, at).ContainsAny(Specials) && address[0] != '.' && address[at - 1] != '.'
            && !address.Contains("..", StringComparison.Ordinal) && FindDnsProblem(address[(at + 1)..].ToLowerInvariant()) is null && address[at + 1] != '*';
        return isFine ? null : $"'{Shorten(address)}' is not an e-mail address that can stand in a certificate.";
    }

    private static bool IsPrintableAscii(string text) => text.All(character => character is > ' ' and <= '~');

    /// <summary>Messages repeat what was typed, but not ten thousand characters of it, and nothing that plays with the text around it.</summary>
    private static string Shorten(string text)
    {
        var safe = new string([.. text.Take(60).Select(character => NameRules.IsUnsafe(character) || char.IsSurrogate(character) ? '?' : character)]);
        return text.Length > 60 ? safe + "…" : safe;
    }
}
