using System.Security.Cryptography;
using System.Text;

namespace StarPortal.Web.Components.Pages.Enrollment;

/// <summary>The signing request in an uploaded file as text, so that it can stand in the form's field and is not lost when something else is wrong.</summary>
internal static class UploadedText
{
    /// <summary>More than any signing request has; the rest of a larger file is not read.</summary>
    private const int MaxLength = 64 * 1024;

    /// <returns>PEM as it is, DER as PEM, anything else as ASCII: the checks say what is wrong with it.</returns>
    public static async Task<string> ReadAsync(IFormFile file)
    {
        var content = new byte[Math.Min(file.Length, MaxLength)];
        await using var stream = file.OpenReadStream();
        await stream.ReadExactlyAsync(content);
        return content is [0x30, ..] ? PemEncoding.WriteString("CERTIFICATE REQUEST", content) : Encoding.ASCII.GetString(content);
    }
}
