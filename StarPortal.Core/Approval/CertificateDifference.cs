using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using StarPortal.Core.Authority;

namespace StarPortal.Core.Approval;

/// <summary>One field of two certificates.</summary>
/// <param name="Field">What it is.</param>
/// <param name="Before">As it stands in the previous certificate; empty when absent.</param>
/// <param name="After">As it would be.</param>
public sealed record FieldDifference(string Field, string Before, string After)
{
    public bool IsChanged => Before != After;
}

/// <summary>Puts the person's previous certificate beside the one that would be issued.</summary>
public static class CertificateDifference
{
    /// <summary>Field by field; serial number, dates and signature differ by nature and are left out, but for the length of validity.</summary>
    public static IReadOnlyList<FieldDifference> Between(byte[] previous, byte[] next)
    {
        var (before, after) = (Describe(previous), Describe(next));
        return [.. before.Zip(after, (old, now) => new FieldDifference(old.Field, old.Value, now.Value))];
    }

    private static IEnumerable<(string Field, string Value)> Describe(byte[] der)
    {
        using var certificate = X509CertificateLoader.LoadCertificate(der);
        var key = PublicKeyFacts.Parse(certificate.PublicKey.ExportSubjectPublicKeyInfo());
        return
        [
            ("Subject", DistinguishedName.Decode(certificate.SubjectName.RawData).ToString()),
            ("Other names", Extension(certificate, "2.5.29.17")),
            ("Key", $"{key.Description}, SHA-256 {key.Hash[..16]}…"),
            ("Key usage", Extension(certificate, "2.5.29.15")),
            ("Extended usage", Extension(certificate, "2.5.29.37")),
            ("Valid for", string.Create(CultureInfo.InvariantCulture, $"{Math.Round((certificate.NotAfter - certificate.NotBefore).TotalDays)} days")),
            ("Issuer", DistinguishedName.Decode(certificate.IssuerName.RawData).ToString()),
        ];
    }

    private static string Extension(X509Certificate2 certificate, string oid) =>
        certificate.Extensions.FirstOrDefault(extension => extension.Oid?.Value == oid) is { } found
            ? string.Join(", ", found.Format(multiLine: true).Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            : "";
}
