using System.Formats.Asn1;
using System.Globalization;
using System.Text;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Authority;

/// <summary>A certificate in words, laid out as <c>openssl x509 -text</c> does.</summary>
public static class CertificateText
{
    /// <exception cref="ServiceException">Invalid: not a certificate.</exception>
    public static string Render(byte[] der)
    {
        try
        {
            var (certificate, signature) = CertificateReader.Read(der);
            var text = new StringBuilder();
            AppendBody(text, certificate);
            AppendKey(text, PublicKeyFacts.Parse(certificate.PublicKeyInfo));
            text.AppendLine("        X509v3 extensions:");
            foreach (var extension in certificate.Extensions) AppendExtension(text, extension);
            text.AppendLine(CultureInfo.InvariantCulture, $"    Signature Algorithm: {NameOf(certificate.SignatureAlgorithm)}");
            AppendHex(text, "        ", signature, 18);
            return text.ToString();
        }
        catch (AsnContentException)
        {
            throw new ServiceException(ErrorKind.Invalid, "This is not a certificate.");
        }
    }

    private static void AppendBody(StringBuilder text, ReadCertificate certificate) => text
        .AppendLine("Certificate:")
        .AppendLine("    Data:")
        .AppendLine(CultureInfo.InvariantCulture, $"        Version: {certificate.Version} (0x{certificate.Version - 1:x})")
        .AppendLine("        Serial Number:")
        .AppendLine(CultureInfo.InvariantCulture, $"            {Colons(certificate.SerialNumber.AsSpan().TrimStart((byte)0), lowerCase: true)}")
        .AppendLine(CultureInfo.InvariantCulture, $"        Signature Algorithm: {NameOf(certificate.SignatureAlgorithm)}")
        .AppendLine(CultureInfo.InvariantCulture, $"        Issuer: {certificate.Issuer}")
        .AppendLine("        Validity")
        .AppendLine(CultureInfo.InvariantCulture, $"            Not Before: {certificate.NotBefore.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC")
        .AppendLine(CultureInfo.InvariantCulture, $"            Not After : {certificate.NotAfter.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC")
        .AppendLine(CultureInfo.InvariantCulture, $"        Subject: {certificate.Subject}");

    private static void AppendKey(StringBuilder text, PublicKeyFacts key)
    {
        text.AppendLine("        Subject Public Key Info:");
        switch (key.Kind)
        {
            case KeyKind.Rsa:
                text.AppendLine("            Public Key Algorithm: rsaEncryption");
                text.AppendLine(CultureInfo.InvariantCulture, $"                Public-Key: ({key.Bits} bit)");
                text.AppendLine("                Modulus:");
                AppendHex(text, "                    ", key.Modulus, 15);
                var exponent = RsaWeaknesses.ToNumber(key.Exponent);
                text.AppendLine(CultureInfo.InvariantCulture, $"                Exponent: {exponent} (0x{exponent.ToString("x", CultureInfo.InvariantCulture).TrimStart('0')})");
                break;
            case KeyKind.Ec:
                text.AppendLine("            Public Key Algorithm: id-ecPublicKey");
                text.AppendLine(CultureInfo.InvariantCulture, $"                Public-Key: ({key.Bits} bit)");
                text.AppendLine(CultureInfo.InvariantCulture, $"                NIST CURVE: {key.Curve}");
                break;
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"                SHA-256 of the key: {key.Hash}");
    }

    private static void AppendExtension(StringBuilder text, CertificateExtension extension)
    {
        var (name, lines) = ExtensionText.Describe(extension);
        text.AppendLine(CultureInfo.InvariantCulture, $"            {name}:{(extension.Critical ? " critical" : "")}");
        foreach (var line in lines) text.AppendLine(CultureInfo.InvariantCulture, $"                {line}");
    }

    private static void AppendHex(StringBuilder text, string indent, byte[] octets, int perLine)
    {
        foreach (var line in octets.Chunk(perLine)) text.Append(indent).AppendLine(Colons(line, lowerCase: true));
    }

    internal static string Colons(ReadOnlySpan<byte> octets, bool lowerCase = false)
    {
        var digits = lowerCase ? Convert.ToHexStringLower(octets) : Convert.ToHexString(octets);
        return string.Join(':', digits.Chunk(2).Select(pair => new string(pair)));
    }

    private static string NameOf(string signatureAlgorithm) => signatureAlgorithm switch
    {
        "1.2.840.113549.1.1.11" => "sha256WithRSAEncryption",
        "1.2.840.113549.1.1.12" => "sha384WithRSAEncryption",
        "1.2.840.113549.1.1.13" => "sha512WithRSAEncryption",
        "1.2.840.10045.4.3.2" => "ecdsa-with-SHA256",
        "1.2.840.10045.4.3.3" => "ecdsa-with-SHA384",
        "1.2.840.10045.4.3.4" => "ecdsa-with-SHA512",
        var other => other,
    };
}
