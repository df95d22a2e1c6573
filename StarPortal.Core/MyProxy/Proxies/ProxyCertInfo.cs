using System.Formats.Asn1;

namespace StarPortal.Core.MyProxy;

/// <summary>The extension that makes a certificate a proxy (RFC 3820 3.8).</summary>
/// <param name="PathLength">How many proxies may follow below; null: any number.</param>
/// <param name="Language">OID of the policy language.</param>
internal sealed record ProxyCertInfo(int? PathLength, string Language)
{
    public const string Oid = "1.3.6.1.5.5.7.1.14";

    /// <summary>The extension of the draft that Globus Toolkit 3 implemented; its content has another order.</summary>
    public const string DraftOid = "1.3.6.1.4.1.3536.1.222";

    /// <summary>The proxy may do all that its issuer may.</summary>
    public const string InheritAll = "1.3.6.1.5.5.7.21.1";

    /// <summary>The proxy has the rights that it is given by its own name, and no other.</summary>
    public const string Independent = "1.3.6.1.5.5.7.21.2";

    /// <summary>Globus: all but starting jobs.</summary>
    public const string Limited = "1.3.6.1.4.1.3536.1.1.1.9";

    public bool IsLimited => Language == Limited;

    /// <summary>Whether the proxy acts as whoever signed it.</summary>
    public bool IsImpersonation => Language is InheritAll or Limited;

    /// <exception cref="AsnContentException">Not a ProxyCertInfo.</exception>
    public static ProxyCertInfo Decode(ReadOnlyMemory<byte> value)
    {
        var reader = new AsnReader(value, AsnEncodingRules.BER);
        var info = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        int? pathLength = info.PeekTag().HasSameClassAndValue(Asn1Tag.Integer) ? ReadPathLength(info) : null;
        var policy = info.ReadSequence();
        info.ThrowIfNotEmpty();
        var language = policy.ReadObjectIdentifier();
        var hasText = policy.HasData && policy.ReadOctetString().Length > 0;
        policy.ThrowIfNotEmpty();
        if (hasText && language is InheritAll or Independent) throw new AsnContentException("RFC 3820 3.8.2: the policy text is absent with this language.");
        return new ProxyCertInfo(pathLength, language);
    }

    public byte[] Encode()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            if (PathLength is { } length) writer.WriteInteger(length);
            using (writer.PushSequence()) writer.WriteObjectIdentifier(Language);
        }

        return writer.Encode();
    }

    /// <summary>A number beyond any chain means the same as the largest that we count to.</summary>
    private static int ReadPathLength(AsnReader info)
    {
        var length = info.ReadInteger();
        if (length.Sign < 0) throw new AsnContentException("A negative path length.");
        return length > int.MaxValue ? int.MaxValue : (int)length;
    }
}
