using System.Buffers.Text;
using System.Security.Cryptography.X509Certificates;
using StarPortal.Core.Authority;

namespace StarPortal.Core.Acme;

/// <summary>
/// RFC 9773 4.1: <c>base64url(keyIdentifier of the authorityKeyIdentifier) . base64url(serial number)</c>, without padding, the serial number in the
/// octets that DER has of it (a leading zero octet where the first bit is set).
/// </summary>
public sealed class CertificateIds(CertificateAuthority authority)
{
    private readonly Lazy<byte[]> keyIdentifier = new(() =>
        authority.ChainOf(Issuers.Servers)[0].Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single().SubjectKeyIdentifierBytes.ToArray());

    public string Write(SerialNumber serial)
    {
        var digits = serial.ToBytes().AsSpan().TrimStart((byte)0);
        byte[] content = (digits[0] & 0x80) != 0 ? [0, .. digits] : [.. digits];
        return $"{Base64Url.EncodeToString(keyIdentifier.Value)}.{Base64Url.EncodeToString(content)}";
    }

    /// <returns>The serial number; null when it is no id, not in its one form, or of another issuer.</returns>
    public SerialNumber? Read(string id)
    {
        if (id.Length > 100 || id.Split('.') is not [var issuer, var number]) return null;
        if (issuer != Base64Url.EncodeToString(keyIdentifier.Value) || !Base64Url.IsValid(number) || number.Contains('=', StringComparison.Ordinal)) return null;
        return SerialNumber.TryFromInteger(Base64Url.DecodeFromChars(number), out var serial) && Write(serial) == id ? serial : null;
    }
}
