using System.Text;

namespace StarPortal.Core.Acme;

/// <summary>
/// An absolute domain name in lower case without the trailing dot; the root is the empty text. Octets that are not letters, digits,
/// hyphen, underscore or asterisk are written as <c>\DDD</c> (RFC 1035 5.1), so that two names are equal exactly when their texts are.
/// </summary>
public sealed record DnsName
{
    /// <summary>RFC 1035 2.3.4: a name has at most 255 octets on the wire, which are 253 characters and the root.</summary>
    internal const int MaxWireLength = 255;

    internal const int MaxLabelLength = 63;

    public static readonly DnsName Root = new("");

    private DnsName(string text) => Text = text;

    public string Text { get; }

    public bool IsRoot => Text.Length == 0;

    /// <summary>The name without its leftmost label; of the root, the root.</summary>
    public DnsName Parent => Text.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot ? new(Text[(dot + 1)..]) : Root;

    /// <summary>Reads a name as people and protocols write it; one trailing dot is allowed, escapes are not.</summary>
    /// <exception cref="DnsFormatException">Not a name: an empty or long label, too long, or another character.</exception>
    public static DnsName Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.EndsWith('.')) text = text[..^1];
        if (text.Length > MaxWireLength - 2) throw new DnsFormatException("A domain name has at most 253 characters.");
        if (text.Length == 0) return Root;
        foreach (var label in text.AsSpan().Split('.')) Require(text.AsSpan(label));
        return new DnsName(text.ToLowerInvariant());
    }

    public override string ToString() => IsRoot ? "." : Text;

    /// <summary>A name read from the wire: each label as it came.</summary>
    internal static void AppendLabel(StringBuilder text, ReadOnlySpan<byte> label)
    {
        if (text.Length > 0) text.Append('.');
        foreach (var octet in label)
        {
            if (IsPlain((char)octet)) text.Append(char.ToLowerInvariant((char)octet));
            else text.Append('\\').Append(octet.ToString("D3"));
        }
    }

    internal static DnsName OfLabels(StringBuilder text) => text.Length == 0 ? Root : new(text.ToString());

    private static void Require(ReadOnlySpan<char> label)
    {
        if (label.Length is 0 or > MaxLabelLength) throw new DnsFormatException("A label of a domain name has 1 to 63 characters.");
        foreach (var character in label)
        {
            if (!IsPlain(character)) throw new DnsFormatException("A domain name is made of ASCII letters, digits, hyphens and underscores.");
        }
    }

    private static bool IsPlain(char character) => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '*';
}
