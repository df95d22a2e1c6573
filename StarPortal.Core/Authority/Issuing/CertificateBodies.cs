using System.Collections.Concurrent;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text.Json;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Authority;

/// <summary>
/// Certificates that differ in serial number and validity only. Hot: a renewal engine signs thousands a second, so that what they share is
/// linted and encoded once, and the rest is put around it by hand (benchmark: <c>star</c>). Who asks has authorised the renewal, and records it.
/// </summary>
public sealed class CertificateBodies(Issuers issuers, IssuanceProfiles profiles, CertificateDrafts drafts, TimeProvider clock)
{
    /// <summary>[0] { INTEGER 2 }: version 3.</summary>
    private static readonly byte[] Version = [0xA0, 0x03, 0x02, 0x01, 0x02];

    private readonly ConcurrentDictionary<string, string> makers = new(StringComparer.Ordinal);

    /// <exception cref="ServiceException">Invalid: a finding blocks the order.</exception>
    public CertificateBody Make(IssuanceOrder order)
    {
        var draft = drafts.Make(order, clock.GetUtcNow());
        if (draft.IsBlocked) throw AuthorityErrors.Blocked(draft.Findings);
        return new CertificateBody(draft.Issuer.Name, EndOf(draft.ToBeSigned), MakerOf(order.Profile));
    }

    public bool IsCurrent(CertificateBody body, string profile) => profiles.Find(profile) is not null && body.MadeBy == MakerOf(profile);

    /// <returns>The certificate, DER.</returns>
    /// <exception cref="ServiceException">Unavailable: the CA itself ends before.</exception>
    public byte[] Sign(CertificateBody body, SerialNumber serial, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        var issuer = issuers.Get(body.Issuer);
        if (notAfter > issuer.NotAfter) throw AuthorityErrors.EndsBefore(issuer.NotAfter);
        var writer = new AsnWriter(AsnEncodingRules.DER, 256);
        writer.WriteIntegerUnsigned(serial.ToBytes().AsSpan().TrimStart((byte)0));
        writer.WriteEncodedValue(issuer.SignatureAlgorithm);
        writer.WriteEncodedValue(issuer.Subject);
        using (writer.PushSequence())
        {
            CertificateContent.WriteTime(writer, notBefore);
            CertificateContent.WriteTime(writer, notAfter);
        }

        var length = Version.Length + writer.GetEncodedLength() + body.Encoded.Length;
        var header = HeaderOf(length);
        var encoded = new byte[header.Length + length];
        header.CopyTo(encoded, 0);
        Version.CopyTo(encoded, header.Length);
        writer.Encode(encoded.AsSpan(header.Length + Version.Length));
        body.Encoded.CopyTo(encoded, encoded.Length - body.Encoded.Length);
        return issuer.Sign(key => key.SignAndWrap(encoded));
    }

    /// <summary>SEQUENCE and its length: a certificate has more than 127 and fewer than 65,536 octets.</summary>
    private static byte[] HeaderOf(int length) => length < 256 ? [0x30, 0x81, (byte)length] : [0x30, 0x82, (byte)(length >> 8), (byte)length];

    /// <summary>What follows the validity.</summary>
    private static byte[] EndOf(byte[] toBeSigned)
    {
        var reader = new AsnReader(toBeSigned, AsnEncodingRules.DER).ReadSequence();
        for (var before = 0; before < 5; before++) reader.ReadEncodedValue(); // version, serialNumber, signature, issuer, validity
        List<byte> end = [];
        while (reader.HasData) end.AddRange(reader.ReadEncodedValue().Span);
        return [.. end];
    }

    private string MakerOf(string profile) => makers.GetOrAdd(profile, name =>
    {
        var found = profiles.Get(name);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(issuers.Get(found.Issuer).Certificate.RawData);
        foreach (var pointer in issuers.Get(found.Issuer).ShortTermPointers) hash.AppendData(pointer.Value);
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(found));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    });
}
