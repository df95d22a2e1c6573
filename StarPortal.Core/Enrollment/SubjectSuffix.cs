using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace StarPortal.Core.Enrollment;

/// <summary>
/// The digits after a person's name that make a subject unique for life. They follow from the form's number, so that the preview shows the
/// very subject that the certificate will have, without anything being kept for forms that are never sent.
/// </summary>
internal static class SubjectSuffix
{
    /// <summary>After so many taken ones somebody is playing; the form gets a new number then.</summary>
    public const int Attempts = 8;

    /// <summary>Six digits, the first not zero.</summary>
    public static string For(Guid submissionId, int attempt)
    {
        Span<byte> input = stackalloc byte[17];
        submissionId.TryWriteBytes(input);
        input[16] = (byte)attempt;
        var number = BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(input));
        return (100_000 + (number % 900_000)).ToString(CultureInfo.InvariantCulture);
    }
}
