using System.Formats.Asn1;
using System.Text;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Authority;

/// <summary>
/// A PKCS#10 request (RFC 2986) whose signature was checked. Only its key, its subject (for display) and its names are taken:
/// what the certificate says is the profile's business, and whatever else was asked for is listed in <see cref="Findings"/>.
/// </summary>
public sealed class SigningRequest
{
    /// <summary>Characters or bytes of the input; a request for RSA 8192 with a hundred names stays below.</summary>
    public const int MaxLength = 32 * 1024;

    private SigningRequest()
    {
    }

    /// <summary>All of it, DER.</summary>
    public required byte[] Encoded { get; init; }

    /// <summary>SubjectPublicKeyInfo, DER.</summary>
    public byte[] PublicKeyInfo => Key.Encoded;

    /// <summary>SHA-256 of <see cref="PublicKeyInfo"/>, lower-case hex.</summary>
    public string KeyHash => Key.Hash;

    /// <summary>For people, such as <c>RSA 3072</c>.</summary>
    public string KeyDescription => Key.Description;

    public required PublicKeyFacts Key { get; init; }

    /// <summary>As the request has it; the certificate's is made by the profile.</summary>
    public required DistinguishedName Subject { get; init; }

    /// <summary>Of the requested subjectAltName extension.</summary>
    public required IReadOnlyList<SubjectAlternativeName> Names { get; init; }

    /// <summary>What was asked for and is left out.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Reads what a person pastes or uploads: PEM, or its base64 alone.</summary>
    /// <exception cref="ServiceException">Invalid, field SigningRequest, saying what is wrong and what to do.</exception>
    public static SigningRequest Parse(string pemOrBase64) => Parse(SigningRequestText.Decode(pemOrBase64));

    /// <summary>Reads a file: PEM or DER.</summary>
    /// <exception cref="ServiceException">As above.</exception>
    public static SigningRequest Parse(byte[] content)
    {
        if (content.Length > MaxLength) throw TooLong();
        if (content is not [0x30, ..]) return Parse(SigningRequestText.Decode(Encoding.ASCII.GetString(content)));
        try
        {
            return Read(content);
        }
        catch (AsnContentException)
        {
            throw AuthorityErrors.BadRequest(IsCutOff(content)
                ? "The request is cut off at its end. Copy all of it, from the BEGIN line to the END line."
                : "This is not a PKCS#10 certificate signing request.");
        }
    }

    internal static ServiceException TooLong() => AuthorityErrors.BadRequest($"A signing request has at most {MaxLength / 1024} KiB.");

    /// <summary>RFC 2986 4.2: CertificationRequest.</summary>
    private static SigningRequest Read(ReadOnlyMemory<byte> encoded)
    {
        var reader = new AsnReader(encoded, AsnEncodingRules.DER);
        var request = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        var signed = request.PeekEncodedValue();
        var info = request.ReadSequence();
        var algorithm = SigningRequestSignature.ReadAlgorithm(request.ReadSequence());
        var signature = request.ReadBitString(out var unusedBits);
        request.ThrowIfNotEmpty();
        if (unusedBits != 0) throw new AsnContentException("A signature is whole octets.");

        if (!info.TryReadInt32(out var version) || version != 0) throw AuthorityErrors.BadRequest("This is not a PKCS#10 request of version 1.");
        var subject = DistinguishedName.Decode(info.ReadEncodedValue());
        var key = PublicKeyFacts.Parse(info.ReadEncodedValue());
        var attributes = info.HasData ? SigningRequestAttributes.Read(info.ReadSetOf(skipSortOrderValidation: true, new Asn1Tag(TagClass.ContextSpecific, 0))) : SigningRequestAttributes.None;
        info.ThrowIfNotEmpty();

        SigningRequestSignature.Verify(key, algorithm, signed.Span, signature);
        return new SigningRequest { Encoded = encoded.ToArray(), Key = key with { HasSigned = true }, Subject = subject, Names = attributes.Names, Findings = attributes.Findings };
    }

    /// <summary>Whether the outer SEQUENCE says that it is longer than what is there.</summary>
    private static bool IsCutOff(byte[] content)
    {
        if (content.Length < 4) return true;
        var lengthOctets = content[1] < 0x80 ? 0 : content[1] & 0x7f;
        if (lengthOctets is > 3 || content.Length < 2 + lengthOctets) return false;
        var length = content[1] < 0x80 ? content[1] : content.AsSpan(2, lengthOctets).ToArray().Aggregate(0, (sum, octet) => (sum << 8) | octet);
        return 2 + lengthOctets + length > content.Length;
    }
}
