using System.Text;

namespace StarPortal.Core.Mail;

/// <summary>Octets as text, whatever charset they claim to be in.</summary>
internal static class CharSets
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Decode(string? name, byte[] octets)
    {
        try
        {
            return Find(name).GetString(octets);
        }
        catch (ArgumentException)
        {
            // A decoder that does not replace what it can't read.
            return Encoding.Latin1.GetString(octets);
        }
    }

    /// <summary>A header line: UTF-8 (RFC 6532) if it is that, else a character for an octet.</summary>
    public static string Header(byte[] line)
    {
        try
        {
            return StrictUtf8.GetString(line);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(line);
        }
    }

    private static Encoding Find(string? name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > 40) return Encoding.UTF8;
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name.Trim()) ?? Encoding.GetEncoding(name.Trim());
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return Encoding.Latin1;
        }
    }
}
