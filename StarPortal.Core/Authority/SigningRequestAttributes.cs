using System.Formats.Asn1;
using System.Security.Cryptography;

namespace StarPortal.Core.Authority;

/// <summary>The attributes of a PKCS#10 request: the subjectAltName of its extension request is taken, the rest is named and left out.</summary>
internal sealed record SigningRequestAttributes(IReadOnlyList<SubjectAlternativeName> Names, IReadOnlyList<Finding> Findings)
{
    public static readonly SigningRequestAttributes None = new([], []);

    private const string ExtensionRequest = "1.2.840.113549.1.9.14";
    private const string SubjectAlternativeNames = "2.5.29.17";
    private const int MaxItems = 50;

    /// <summary>What the profile decides anyway, and every tool puts into its requests: not worth a line.</summary>
    private static readonly string[] Expected = ["2.5.29.15", "2.5.29.37", "2.5.29.14", "2.5.29.19"];

    private static readonly (string Oid, string Name)[] KnownNames =
    [
        ("1.2.840.113549.1.9.7", "challengePassword"), ("1.2.840.113549.1.9.2", "unstructuredName"), ("1.3.6.1.4.1.311.13.2.3", "the Windows version"),
        ("1.3.6.1.4.1.311.21.20", "the Windows client's data"), ("1.3.6.1.4.1.311.13.2.2", "the Windows key provider"),
        ("1.3.6.1.4.1.311.20.2", "a Windows template"), ("1.3.6.1.5.5.7.1.24", "TLS feature (must-staple)"), ("2.5.29.32", "certificate policies"),
    ];

    public static SigningRequestAttributes Read(AsnReader attributes)
    {
        List<SubjectAlternativeName> names = [];
        List<string> ignored = [];
        for (var count = 0; attributes.HasData; count++)
        {
            if (count == MaxItems) throw AuthorityErrors.BadRequest($"The request has more than {MaxItems} attributes.");
            var attribute = attributes.ReadSequence();
            var type = attribute.ReadObjectIdentifier();
            var values = attribute.ReadSetOf(skipSortOrderValidation: true);
            attribute.ThrowIfNotEmpty();
            if (type == ExtensionRequest) ReadExtensions(values, names, ignored);
            else ignored.Add(NameOf(type));
        }

        return new SigningRequestAttributes(names, [.. ignored.Distinct(StringComparer.Ordinal).Select(Ignored)]);
    }

    private static void ReadExtensions(AsnReader values, List<SubjectAlternativeName> names, List<string> ignored)
    {
        var extensions = values.ReadSequence();
        values.ThrowIfNotEmpty();
        for (var count = 0; extensions.HasData; count++)
        {
            if (count == MaxItems) throw AuthorityErrors.BadRequest($"The request has more than {MaxItems} extensions.");
            var extension = extensions.ReadSequence();
            var type = extension.ReadObjectIdentifier();
            if (extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean)) extension.ReadBoolean();
            var value = extension.ReadOctetString();
            extension.ThrowIfNotEmpty();

            if (type == SubjectAlternativeNames)
            {
                var (found, others) = GeneralNames.Decode(value);
                names.AddRange(found);
                if (others > 0) ignored.Add("names other than DNS, IP, e-mail and URI");
            }
            else if (!Expected.Contains(type, StringComparer.Ordinal))
            {
                ignored.Add(NameOf(type));
            }
        }
    }

    private static string NameOf(string oid) => KnownNames.FirstOrDefault(known => known.Oid == oid).Name ?? new Oid(oid).FriendlyName ?? oid;

    private static Finding Ignored(string what) =>
        new(FindingCodes.RequestIgnored, FindingSeverity.Inform, $"The request asks for {what}; this is left out.", "SigningRequest");
}
