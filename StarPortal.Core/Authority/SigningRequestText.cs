using System.Security.Cryptography;

namespace StarPortal.Core.Authority;

/// <summary>The text around a signing request, and the wrong things that people paste instead of one.</summary>
internal static class SigningRequestText
{
    public static byte[] Decode(string text)
    {
        if (text.Length > SigningRequest.MaxLength) throw SigningRequest.TooLong();
        if (string.IsNullOrWhiteSpace(text)) throw AuthorityErrors.BadRequest("Paste a signing request, or upload its file.");
        if (text.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
            throw AuthorityErrors.BadRequest("This contains a private key. Never send it to anybody: make a new key, and send the request (CSR) only.");

        return text.Contains("-----BEGIN", StringComparison.Ordinal) ? DecodePem(text) : DecodeBase64(text);
    }

    private static byte[] DecodePem(string text)
    {
        for (var rest = text.AsSpan(); PemEncoding.TryFind(rest, out var fields); rest = rest[fields.Location.End..])
        {
            if (rest[fields.Label] is "CERTIFICATE REQUEST" or "NEW CERTIFICATE REQUEST") return Convert.FromBase64String(rest[fields.Base64Data].ToString());
        }

        if (text.Contains("BEGIN CERTIFICATE-----", StringComparison.Ordinal))
            throw AuthorityErrors.BadRequest("This is a certificate. What is needed is the request (CSR) that it was made from, or a new one.");
        throw text.Contains("CERTIFICATE REQUEST-----", StringComparison.Ordinal)
            ? AuthorityErrors.BadRequest("The request is cut off or damaged. Copy all of it, from the BEGIN line to the END line.")
            : AuthorityErrors.BadRequest("This is not a certificate signing request: it should start with -----BEGIN CERTIFICATE REQUEST-----.");
    }

    private static byte[] DecodeBase64(string text)
    {
        var buffer = new byte[text.Length];
        return Convert.TryFromBase64String(text.Trim(), buffer, out var written) && written > 0 && buffer[0] == 0x30
            ? buffer[..written]
            : throw AuthorityErrors.BadRequest("This is not a certificate signing request: it should start with -----BEGIN CERTIFICATE REQUEST-----.");
    }
}
