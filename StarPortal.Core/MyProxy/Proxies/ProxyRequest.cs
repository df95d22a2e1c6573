using System.Formats.Asn1;
using System.Security.Cryptography;
using StarPortal.Core.Authority;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>
/// A PKCS#10 request for a proxy, whose signature was checked: its key, and the kind of proxy that it asks for. Its subject says nothing, and what else it asks for is
/// left out, as the genuine server does.
/// </summary>
/// <param name="Key">RSA of 2048 bits and more, P-256 or P-384.</param>
/// <param name="Asked">Null: it does not say, so it inherits all.</param>
internal sealed record ProxyRequest(PublicKeyFacts Key, ProxyCertInfo? Asked)
{
    public const int MaxLength = 16 * 1024;

    private const int MinRsaBits = 2048;
    private const int MaxRsaBits = 8192;

    /// <summary>Checking a signature takes a time that grows with the exponent.</summary>
    private const int MaxExponentOctets = 4;

    private const string ExtensionRequest = "1.2.840.113549.1.9.14";
    private const int MaxItems = 50;

    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0);

    /// <exception cref="ServiceException">Invalid: not a request, a key that is not certified, a wrong signature, or a kind of proxy that is not issued.</exception>
    public static ProxyRequest Read(ReadOnlySpan<byte> encoded)
    {
        if (encoded.Length > MaxLength) throw ProxyErrors.CannotDelegate($"A certificate request has at most {MaxLength / 1024} KiB.");
        try
        {
            return Read(encoded.ToArray());
        }
        catch (AsnContentException)
        {
            throw ProxyErrors.CannotDelegate("This is not a PKCS#10 certificate request.");
        }
    }

    /// <summary>RFC 2986 4.2: CertificationRequest.</summary>
    private static ProxyRequest Read(byte[] encoded)
    {
        var reader = new AsnReader(encoded, AsnEncodingRules.BER);
        var request = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        var signed = request.PeekEncodedValue();
        var info = request.ReadSequence();
        var algorithm = request.ReadSequence().ReadObjectIdentifier();
        var signature = request.ReadBitString(out _);
        request.ThrowIfNotEmpty();

        info.ReadInteger(); // the version: 0
        info.ReadSequence(); // the subject: "NULL SUBJECT NAME ENTRY", or the person's own
        var key = ReadKey(info.ReadEncodedValue());
        var asked = info.HasData ? ReadAsked(info.ReadSetOf(skipSortOrderValidation: true, Context0)) : null;
        info.ThrowIfNotEmpty();
        Verify(key, algorithm, signed.Span, signature);
        return new ProxyRequest(key, asked);
    }

    private static PublicKeyFacts ReadKey(ReadOnlyMemory<byte> encoded)
    {
        PublicKeyFacts key;
        try
        {
            key = PublicKeyFacts.Parse(encoded);
        }
        catch (ServiceException error)
        {
            throw ProxyErrors.CannotDelegate(error.Message);
        }

        return FindProblem(key) is { } problem ? throw ProxyErrors.CannotDelegate(problem) : key;
    }

    private static string? FindProblem(PublicKeyFacts key) => key switch
    {
        { Kind: KeyKind.Ec, Curve: "P-256" or "P-384" } => null,
        { Kind: KeyKind.Ec } => $"A key on the curve {key.Curve} is not certified here: use P-256 or P-384.",
        { Bits: < MinRsaBits } => $"An RSA key of {key.Bits} bits is too weak: it has to have {MinRsaBits} or more (MYPROXY_KEYBITS).",
        { Bits: > MaxRsaBits } => $"An RSA key of {key.Bits} bits is too large: {MaxRsaBits} are enough.",
        _ => IsUsable(key.Exponent) ? null : "The RSA key's exponent is not usable.",
    };

    private static bool IsUsable(byte[] exponent) => exponent is not ([] or [1]) && exponent.Length <= MaxExponentOctets && (exponent[^1] & 1) == 1;

    private static ProxyCertInfo? ReadAsked(AsnReader attributes)
    {
        ProxyCertInfo? asked = null;
        for (var count = 0; attributes.HasData; count++)
        {
            if (count == MaxItems) throw ProxyErrors.CannotDelegate($"The certificate request has more than {MaxItems} attributes.");
            var attribute = attributes.ReadSequence();
            var type = attribute.ReadObjectIdentifier();
            var values = attribute.ReadSetOf(skipSortOrderValidation: true);
            if (type != ExtensionRequest) continue;
            asked = Once(asked, ReadExtensions(values.ReadSequence()));
        }

        return asked;
    }

    private static ProxyCertInfo? ReadExtensions(AsnReader extensions)
    {
        ProxyCertInfo? asked = null;
        for (var count = 0; extensions.HasData; count++)
        {
            if (count == MaxItems) throw ProxyErrors.CannotDelegate($"The certificate request has more than {MaxItems} extensions.");
            var extension = extensions.ReadSequence();
            var oid = extension.ReadObjectIdentifier();
            if (extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean)) extension.ReadBoolean();
            var value = extension.ReadOctetString();
            if (oid == ProxyCertInfo.DraftOid) throw ProxyErrors.CannotDelegate("Proxies of the draft before RFC 3820 are not issued here.");
            if (oid == ProxyCertInfo.Oid) asked = Once(asked, Require(ProxyCertInfo.Decode(value)));
        }

        return asked;
    }

    private static ProxyCertInfo? Once(ProxyCertInfo? before, ProxyCertInfo? now) =>
        before is null || now is null ? before ?? now : throw ProxyErrors.CannotDelegate("The certificate request asks for two kinds of proxy.");

    private static ProxyCertInfo Require(ProxyCertInfo asked) => asked.IsImpersonation
        ? asked
        : throw ProxyErrors.CannotDelegate(
            $"Only proxies that inherit all rights, and limited ones, are issued here, not {(asked.Language == ProxyCertInfo.Independent ? "independent ones" : $"those of the policy language {asked.Language}")}.");

    /// <summary>Proof of possession. SHA-1 is what Java clients sign with: a request is of use for this conversation only, so that a collision gains nothing.</summary>
    private static void Verify(PublicKeyFacts key, string algorithm, ReadOnlySpan<byte> signed, byte[] signature)
    {
        if (SignatureAlgorithms.Find(algorithm) is not { } found || found.Kind != key.Kind)
            throw ProxyErrors.CannotDelegate("The certificate request is signed with an algorithm that is not accepted here: use SHA-256 with RSA or ECDSA.");
        try
        {
            using var publicKey = key.Import();
            var isRight = publicKey switch
            {
                RSA rsa => rsa.VerifyData(signed, signature, found.Hash, RSASignaturePadding.Pkcs1),
                ECDsa ecdsa => ecdsa.VerifyData(signed, signature, found.Hash, DSASignatureFormat.Rfc3279DerSequence),
                _ => false,
            };
            if (!isRight) throw ProxyErrors.CannotDelegate("The certificate request is not signed by the key that it holds.");
        }
        catch (CryptographicException)
        {
            throw ProxyErrors.CannotDelegate("The certificate request's key is damaged.");
        }
    }
}
