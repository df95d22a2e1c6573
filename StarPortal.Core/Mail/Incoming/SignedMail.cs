using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;

namespace StarPortal.Core.Mail;

/// <summary>
/// S/MIME signatures (RFC 8551 3.5), detached and opaque, of the whole message: what a mailing list wraps around a signed part is not signed. Who may have signed is a list of
/// certificates, not of CAs: no chain is built and nothing is fetched.
/// </summary>
public static class SignedMail
{
    private static readonly string[] Digests = ["2.16.840.1.101.3.4.2.1", "2.16.840.1.101.3.4.2.2", "2.16.840.1.101.3.4.2.3"];

    /// <param name="mail">As it came.</param>
    /// <param name="signers">Whose signature counts.</param>
    /// <param name="now">When their certificates have to be valid.</param>
    /// <returns>What was signed; or why none of it is.</returns>
    public static (MimeEntity? Signed, string? Problem) Find(MimeEntity mail, IReadOnlyList<X509Certificate2> signers, DateTimeOffset now)
    {
        try
        {
            return mail.Type.MediaType switch
            {
                "multipart/signed" when mail.Parts is [var content, { Type.MediaType: "application/pkcs7-signature" or "application/x-pkcs7-signature" } signature] => FindDetached(content, signature, signers, now),
                "application/pkcs7-mime" or "application/x-pkcs7-mime" => FindOpaque(mail, signers, now),
                _ => (null, "It is not signed."),
            };
        }
        catch (Exception error) when (error is CryptographicException or AsnContentException or ArgumentException or InvalidOperationException or NotSupportedException or OverflowException)
        {
            return (null, "Its signature can't be read, or does not fit.");
        }
    }

    private static (MimeEntity?, string?) FindDetached(MimeEntity content, MimeEntity signature, IReadOnlyList<X509Certificate2> signers, DateTimeOffset now)
    {
        var message = new SignedCms(new ContentInfo(Canonical(content.Octets.Span)), detached: true);
        message.Decode(signature.Decode());
        return FindProblem(message, signers, now) is { } problem ? (null, problem) : (content, null);
    }

    private static (MimeEntity?, string?) FindOpaque(MimeEntity mail, IReadOnlyList<X509Certificate2> signers, DateTimeOffset now)
    {
        var message = new SignedCms();
        message.Decode(mail.Decode());
        return FindProblem(message, signers, now) is { } problem ? (null, problem) : (MimeReader.Read(message.ContentInfo.Content), null);
    }

    private static string? FindProblem(SignedCms message, IReadOnlyList<X509Certificate2> signers, DateTimeOffset now)
    {
        if (message.SignerInfos.Count != 1) return "It has not exactly one signature.";
        var info = message.SignerInfos[0];
        if (!Digests.Contains(info.DigestAlgorithm.Value, StringComparer.Ordinal)) return "Its signature uses a weak digest.";
        foreach (var signer in signers)
        {
            // A certificate that came along may have the name and number of the one that counts, and another key.
            if (info.Certificate is { } embedded && !embedded.RawData.AsSpan().SequenceEqual(signer.RawData)) continue;
            if (!Verifies(info, signer)) continue;
            return signer.NotBefore.ToUniversalTime() <= now.UtcDateTime && now.UtcDateTime <= signer.NotAfter.ToUniversalTime() ? null : "Its signer's certificate is not valid now.";
        }

        return "It is not signed by the configured signer.";
    }

    private static bool Verifies(SignerInfo info, X509Certificate2 signer)
    {
        try
        {
            info.CheckSignature(new X509Certificate2Collection(signer), verifySignatureOnly: true);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>RFC 8551 3.1.1: lines end with CRLF where they are signed; in a Maildir they end with LF.</summary>
    private static byte[] Canonical(ReadOnlySpan<byte> octets)
    {
        var result = new List<byte>(octets.Length + (octets.Length / 32));
        for (var at = 0; at < octets.Length; at++)
        {
            if (octets[at] == '\n' && (at == 0 || octets[at - 1] != '\r')) result.Add((byte)'\r');
            result.Add(octets[at]);
        }

        return [.. result];
    }
}
