using System.Formats.Asn1;
using System.Security.Cryptography;

namespace StarPortal.Tests.Delegation;

/// <summary>A PKCS#10 request, octet by octet, so that it can have whatever no tool writes. Fits <see cref="SampleTemplates.Make"/> when nothing is changed.</summary>
internal sealed class MadeRequest
{
    public const string ExtensionRequest = "1.2.840.113549.1.9.14";
    public const string AltNames = "2.5.29.17";
    public const string KeyUsage = "2.5.29.15";
    public const string Purposes = "2.5.29.37";

    public static readonly AsymmetricAlgorithm P256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    public static readonly AsymmetricAlgorithm P384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
    public static readonly AsymmetricAlgorithm P521 = ECDsa.Create(ECCurve.NamedCurves.nistP521);
    public static readonly AsymmetricAlgorithm Rsa2048 = RSA.Create(2048);
    public static readonly AsymmetricAlgorithm Rsa3072 = RSA.Create(3072);

    public AsymmetricAlgorithm Key { get; set; } = P256;

    /// <summary>Of ECDSA: any goes with any curve.</summary>
    public HashAlgorithmName Hash { get; set; } = HashAlgorithmName.SHA256;

    /// <summary>RDNs, each with its attributes.</summary>
    public List<(string Oid, UniversalTagNumber Tag, string Value)[]> Subject { get; set; } = [];

    public List<(string Oid, bool? IsCritical, byte[] Value)> Extensions { get; set; } =
        [(AltNames, null, Names((2, "abc.ido.example"))), (KeyUsage, true, Usage(0)), (Purposes, null, Oids("1.3.6.1.5.5.7.3.1"))];

    /// <summary>How many attributes the extensions are spread over; 0: none at all.</summary>
    public int ExtensionRequests { get; set; } = 1;

    public List<(string Oid, byte[] Value)> Attributes { get; set; } = [];

    public MadeRequest With(string oid, byte[]? value)
    {
        Extensions.RemoveAll(extension => extension.Oid == oid);
        if (value is not null) Extensions.Add((oid, null, value));
        return this;
    }

    public MadeRequest Named(params (int Tag, string Value)[] names) => With(AltNames, Names(names));

    public MadeRequest From(params (string Oid, string Value)[] subject)
    {
        Subject = [.. subject.Select(part => new[] { (part.Oid, UniversalTagNumber.UTF8String, part.Value) })];
        return this;
    }

    /// <param name="names">GeneralNames by tag: text where that is a string, else one octet-string-like value.</param>
    public static byte[] Names(params (int Tag, string Value)[] names) => Write(writer =>
    {
        using (writer.PushSequence())
        {
            foreach (var (tag, value) in names) WriteName(writer, tag, value);
        }
    });

    public static byte[] Usage(params int[] bits) => Write(writer =>
    {
        var octets = new byte[bits.Max() / 8 + 1];
        foreach (var bit in bits) octets[bit / 8] |= (byte)(0x80 >> (bit % 8));
        writer.WriteBitString(octets, System.Numerics.BitOperations.TrailingZeroCount(octets[^1]));
    });

    public static byte[] Oids(params string[] oids) => Write(writer =>
    {
        using (writer.PushSequence())
        {
            foreach (var oid in oids) writer.WriteObjectIdentifier(oid);
        }
    });

    public static byte[] Write(Action<AsnWriter> content)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        content(writer);
        return writer.Encode();
    }

    public byte[] Encode() => Sign(Write(WriteInfo));

    private static void WriteName(AsnWriter writer, int tag, string value)
    {
        if (tag is 1 or 2 or 6) writer.WriteCharacterString(UniversalTagNumber.IA5String, value, new Asn1Tag(TagClass.ContextSpecific, tag));
        else if (tag is 7 or 8) writer.WriteOctetString([192, 0, 2, 1], new Asn1Tag(TagClass.ContextSpecific, tag));
        else
        {
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, tag))) writer.WriteNull();
        }
    }

    private void WriteInfo(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            writer.WriteInteger(0);
            WriteSubject(writer);
            writer.WriteEncodedValue(Key.ExportSubjectPublicKeyInfo());
            using (writer.PushSetOf(new Asn1Tag(TagClass.ContextSpecific, 0))) WriteAttributes(writer);
        }
    }

    private void WriteSubject(AsnWriter writer)
    {
        using var name = writer.PushSequence();
        foreach (var part in Subject)
        {
            using var set = writer.PushSetOf();
            foreach (var (oid, tag, value) in part)
            {
                using var attribute = writer.PushSequence();
                writer.WriteObjectIdentifier(oid);
                writer.WriteCharacterString(tag, value);
            }
        }
    }

    private void WriteAttributes(AsnWriter writer)
    {
        foreach (var (oid, value) in Attributes) WriteAttribute(writer, oid, () => writer.WriteEncodedValue(value));
        for (var i = 0; i < ExtensionRequests; i++)
        {
            var share = Extensions.Where((_, index) => index % ExtensionRequests == i);
            WriteAttribute(writer, ExtensionRequest, () => WriteExtensions(writer, share));
        }
    }

    private static void WriteAttribute(AsnWriter writer, string oid, Action value)
    {
        using var attribute = writer.PushSequence();
        writer.WriteObjectIdentifier(oid);
        using var values = writer.PushSetOf();
        value();
    }

    private static void WriteExtensions(AsnWriter writer, IEnumerable<(string Oid, bool? IsCritical, byte[] Value)> extensions)
    {
        using var sequence = writer.PushSequence();
        foreach (var (oid, isCritical, value) in extensions)
        {
            using var extension = writer.PushSequence();
            writer.WriteObjectIdentifier(oid);
            if (isCritical is { } critical) writer.WriteBoolean(critical);
            writer.WriteOctetString(value);
        }
    }

    private byte[] Sign(byte[] info) => Write(writer =>
    {
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(info);
            using (writer.PushSequence()) writer.WriteObjectIdentifier(SignatureOid());
            writer.WriteBitString(Key is RSA rsa ? rsa.SignData(info, Hash, RSASignaturePadding.Pkcs1) : ((ECDsa)Key).SignData(info, Hash, DSASignatureFormat.Rfc3279DerSequence));
        }
    });

    private string SignatureOid() => (Key is RSA ? "1.2.840.113549.1.1.1" : "1.2.840.10045.4.3.") + Hash.Name switch { "SHA256" => Key is RSA ? "1" : "2", "SHA384" => Key is RSA ? "2" : "3", _ => Key is RSA ? "3" : "4" };
}
