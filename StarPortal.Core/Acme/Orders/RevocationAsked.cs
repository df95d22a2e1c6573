using System.Formats.Asn1;
using System.Text.Json;
using StarPortal.Core.Authority;

namespace StarPortal.Core.Acme;

/// <summary>The payload of revokeCert.</summary>
/// <param name="Certificate">DER.</param>
public sealed record RevocationAsked(byte[] Certificate, RevocationReason Reason)
{
    /// <summary>RFC 8555 7.6: those that a subscriber can know; the others are the CA's own to give.</summary>
    private static readonly int[] Allowed = [0, 1, 3, 4, 5, 9];

    /// <exception cref="AcmeException">malformed; badRevocationReason, listing the allowed ones.</exception>
    public static RevocationAsked Read(JsonElement payload) => new(PayloadReader.Bytes(payload, "certificate"), ReadReason(payload));

    /// <returns>The serial number; null when this is no certificate, or not one of ours.</returns>
    internal static SerialNumber? SerialOf(byte[] der)
    {
        try
        {
            var (read, _) = CertificateReader.Read(der);
            return SerialNumber.TryFromInteger(read.SerialNumber, out var serial) ? serial : null;
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    private static RevocationReason ReadReason(JsonElement payload)
    {
        if (!payload.TryGetProperty("reason", out var reason)) return RevocationReason.Unspecified;
        if (reason.ValueKind is not JsonValueKind.Number || !reason.TryGetInt32(out var number) || !Allowed.Contains(number))
            throw AcmeOrderErrors.BadRevocationReason($"The reason is none of {string.Join(", ", Allowed)}.");
        return (RevocationReason)number;
    }
}
