using System.Security.Cryptography;
using System.Text;
using StarPortal.Core.Authority;
using StarPortal.Core.Mail;

namespace StarPortal.Core.Approval;

/// <summary>What a mail says, as far as an answer of the CA has to say something. A function of the mail.</summary>
/// <param name="Text">Of its text parts, for people, and to look for the words of success in.</param>
/// <param name="Certificates">DER, at most ten, in the order in which they are in it; those of CAs among them.</param>
public sealed record CaAnswer(string Text, IReadOnlyList<byte[]> Certificates)
{
    private const int MaxCertificates = 10;

    /// <summary>Characters of the text that are kept and searched.</summary>
    private const int MaxText = 64 * 1024;

    /// <summary>Characters of a part that certificates are looked for in.</summary>
    private const int MaxSearched = 256 * 1024;

    public static CaAnswer Read(MimeEntity mail)
    {
        List<byte[]> certificates = [];
        var text = new StringBuilder();
        foreach (var part in mail.Leaves)
        {
            if (IsCertificate(part.Type.MediaType) && part.Decode() is [0x30, ..] der) Add(der);
            if (!part.Type.MediaType.StartsWith("text/", StringComparison.Ordinal) && !IsCertificate(part.Type.MediaType) && part.Type.MediaType != "application/x-pem-file") continue;
            var content = part.DecodeText();
            if (part.Type.MediaType.StartsWith("text/", StringComparison.Ordinal) && text.Length < MaxText) text.Append(content.AsSpan(0, Math.Min(content.Length, MaxText - text.Length))).Append('\n');
            FromPem(content.AsSpan(0, Math.Min(content.Length, MaxSearched)));
        }

        return new(text.ToString(), certificates);

        void FromPem(ReadOnlySpan<char> content)
        {
            while (certificates.Count < MaxCertificates && PemEncoding.TryFind(content, out var fields))
            {
                if (content[fields.Label] is "CERTIFICATE" or "X509 CERTIFICATE" && fields.DecodedDataLength <= ExternalAuthority.MaxCertificate) Add(Convert.FromBase64String(content[fields.Base64Data].ToString()));
                content = content[fields.Location.End..];
            }
        }

        void Add(byte[] der)
        {
            if (certificates.Count < MaxCertificates && der.Length <= ExternalAuthority.MaxCertificate && !certificates.Exists(known => known.AsSpan().SequenceEqual(der))) certificates.Add(der);
        }
    }

    /// <summary>Whether it says these words, however they are spaced.</summary>
    public bool Says(string words) => Spaced(Text).Contains(Spaced(words), StringComparison.OrdinalIgnoreCase);

    private static bool IsCertificate(string mediaType) => mediaType is "application/pkix-cert" or "application/x-x509-user-cert" or "application/x-x509-ca-cert" or "application/octet-stream";

    private static string Spaced(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
