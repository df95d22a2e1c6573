using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace StarPortal.Core.Delegation;

/// <summary>keyUsage (RFC 5280 4.2.1.3): a request has exactly these bits. All of a template's usages are literals, so each is mandatory.</summary>
public sealed class KeyUsageRule : ITemplateExtension
{
    internal const string Member = "keyUsage";
    private const string Place = $"{TemplateExtensions.Path}.{Member}";

    /// <summary>By their bit (RFC 5280 4.2.1.3).</summary>
    private static readonly string[] Bits =
        ["digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement", "keyCertSign", "cRLSign", "encipherOnly", "decipherOnly"];

    private KeyUsageRule(IReadOnlyList<string> usages) => Usages = usages;

    /// <summary>By their names, in the order of their bits.</summary>
    public IReadOnlyList<string> Usages { get; }

    public string Name => Member;

    public string Oid => "2.5.29.15";

    internal static KeyUsageRule? Read(JsonPart part)
    {
        HashSet<string> usages = new(StringComparer.Ordinal);
        foreach (var item in part.ReadItems() ?? [])
        {
            if (item.ReadWord(Bits) is not { } usage) continue;
            if (!usages.Add(usage)) item.Warn($"{usage} stands in the list twice.");
            if (usage is "keyCertSign" or "cRLSign") item.Warn($"{usage} is for certificate authorities: a delegate's certificate signs nothing but its own connections.");
        }

        return usages.Count == 0 ? null : new KeyUsageRule([.. Bits.Where(usages.Contains)]);
    }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        foreach (var usage in Usages) writer.WriteStringValue(usage);
        writer.WriteEndArray();
    }

    public IEnumerable<CsrFinding> Check(ReadOnlyMemory<byte>? value, Func<string, bool> isLegitimate)
    {
        if (value is null) return [new CsrFinding(Place, $"The request lacks keyUsage: {string.Join(", ", Usages)}.")];
        var asked = Decode(value.Value);
        return
        [
            .. Usages.Except(asked, StringComparer.Ordinal).Select(usage => new CsrFinding(Place, $"The request lacks the key usage {usage}.")),
            .. asked.Except(Usages, StringComparer.Ordinal).Select(usage => new CsrFinding(Place, $"The request asks for the key usage {usage}, which the template does not have.")),
        ];
    }

    public IEnumerable<CsrFinding> Check(TemplateValues values) => [];

    public X509Extension Build(TemplateValues values) =>
        new X509KeyUsageExtension(Usages.Aggregate(X509KeyUsageFlags.None, (flags, usage) => flags | FlagOf(Array.IndexOf(Bits, usage))), critical: true);

    private static List<string> Decode(ReadOnlyMemory<byte> value)
    {
        var reader = new AsnReader(value, AsnEncodingRules.DER);
        var octets = reader.ReadBitString(out _);
        reader.ThrowIfNotEmpty();
        List<string> asked = [];
        for (var bit = 0; bit < octets.Length * 8; bit++)
        {
            if ((octets[bit / 8] & (0x80 >> (bit % 8))) != 0) asked.Add(bit < Bits.Length ? Bits[bit] : $"bit {bit}");
        }

        return asked;
    }

    /// <summary>.NET's flags have the first octet of the BIT STRING in their low byte, the second above it.</summary>
    private static X509KeyUsageFlags FlagOf(int bit) => (X509KeyUsageFlags)(bit < 8 ? 0x80 >> bit : 0x8000);
}
