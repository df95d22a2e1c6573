namespace StarPortal.Core.Mail;

/// <summary>A message, or a part of one, as <see cref="MimeReader"/> found it. Nothing in it is trusted, and asking it for anything throws nothing.</summary>
/// <param name="Octets">Header and body as they came, without the line end before the boundary that follows.</param>
/// <param name="Headers">Values unfolded, not decoded.</param>
/// <param name="Body">Still in its transfer encoding.</param>
/// <param name="Parts">Of a multipart; empty for others, and for what is nested too deep.</param>
public sealed record MimeEntity(ReadOnlyMemory<byte> Octets, IReadOnlyList<(string Name, string Value)> Headers, ReadOnlyMemory<byte> Body, IReadOnlyList<MimeEntity> Parts)
{
    private MimeContentType? type;

    public MimeContentType Type => type ??= MimeContentType.Read(Header("Content-Type"));

    /// <summary>This and every part of it, the outer before the inner.</summary>
    public IEnumerable<MimeEntity> All => Parts.SelectMany(part => part.All).Prepend(this);

    /// <summary>Those that hold content.</summary>
    public IEnumerable<MimeEntity> Leaves => All.Where(part => part.Parts.Count == 0);

    /// <returns>The first of this name, as it came; empty when there is none.</returns>
    public string Header(string name) => Headers.FirstOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value ?? "";

    /// <returns>As <see cref="Header"/>, with the words of RFC 2047 decoded.</returns>
    public string Text(string header) => HeaderWords.Decode(Header(header));

    /// <summary>Every value of this name, decoded.</summary>
    public IEnumerable<string> AllText(string header) => Headers.Where(found => found.Name.Equals(header, StringComparison.OrdinalIgnoreCase)).Select(found => HeaderWords.Decode(found.Value));

    /// <summary>The content without its transfer encoding (RFC 2045 6); octets that do not belong there are passed over.</summary>
    public byte[] Decode() => Header("Content-Transfer-Encoding").Trim().ToUpperInvariant() switch
    {
        "BASE64" => TransferEncodings.Base64(Body.Span),
        "QUOTED-PRINTABLE" => TransferEncodings.QuotedPrintable(Body.Span),
        _ => Body.ToArray(),
    };

    /// <summary>The content as text, in its charset or, where that is unknown, in Latin 1.</summary>
    public string DecodeText() => CharSets.Decode(Type.Parameter("charset"), Decode());

    /// <summary>Equality by content would read everything.</summary>
    public bool Equals(MimeEntity? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
