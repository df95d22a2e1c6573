using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Authority;

/// <summary>
/// A CA that is not ours and signs what the portal's officers approve. Its certificates are taken into the inventory when they are what was asked for; their revocation,
/// CRL and OCSP are that CA's.
/// </summary>
public sealed class ExternalAuthority(IssuanceProfiles profiles, IOptions<ExternalCaOptions> options, TimeProvider clock)
{
    /// <summary>Octets of a certificate that is looked at.</summary>
    public const int MaxCertificate = 16 * 1024;

    private readonly Lazy<IReadOnlyList<X509Certificate2>> chain = new(() => ReadChain(options.Value.CertificateFile));

    /// <summary>Whether certificates of some profile come from it.</summary>
    public bool IsInUse => profiles.All.Any(profile => profile.External);

    /// <summary>Whom to turn to, as the end of a sentence.</summary>
    public string Contact => options.Value.Contact is { Length: > 0 } contact ? contact : "the certificate authority that signed it";

    /// <summary>Whether certificates of this profile come from it.</summary>
    public bool Signs(string profile) => profiles.Find(profile)?.External is true;

    /// <summary>Its certificates, the issuing ones before those above them; none when no file is named.</summary>
    internal IReadOnlyList<X509Certificate2> Chain => chain.Value;

    /// <summary>What the configuration lacks, a line each.</summary>
    internal IEnumerable<string> FindProblems()
    {
        if (!IsInUse) yield break;
        if (string.IsNullOrWhiteSpace(options.Value.Contact)) yield return "Authority:ExternalCa:Contact is missing: a profile says External, and people have to know whom to turn to.";
        if (string.IsNullOrWhiteSpace(options.Value.CertificateFile)) yield return "Authority:ExternalCa:CertificateFile is missing: a profile says External, and its certificates have to be checked against something.";
        else if (FindFileProblem(options.Value.CertificateFile) is { } problem) yield return $"Authority:ExternalCa:CertificateFile {options.Value.CertificateFile}: {problem}";
    }

    /// <summary>Whether it is one of <see cref="Chain"/>.</summary>
    internal bool IsOwn(byte[] certificate) => Chain.Any(known => known.RawData.AsSpan().SequenceEqual(certificate));

    /// <summary>The CAs above a certificate of this CA, the nearest first.</summary>
    internal IReadOnlyList<X509Certificate2> ChainOf(ReadOnlySpan<byte> certificate)
    {
        using var leaf = X509CertificateLoader.LoadCertificate(certificate);
        List<X509Certificate2> found = [];
        for (var above = FindIssuer(leaf); above is not null && !found.Contains(above); above = FindIssuer(above)) found.Add(above);
        return found;
    }

    /// <summary>What keeps a certificate from being the answer to an order; nothing: it is what was asked for.</summary>
    public IReadOnlyList<string> Check(IssuanceOrder order, ReadOnlyMemory<byte> certificate)
    {
        if (certificate.Length > MaxCertificate) return ["The certificate is too long."];
        try
        {
            var (read, _) = CertificateReader.Read(certificate);
            return ExternalCertificateCheck.Find(order, read, clock.GetUtcNow()) is { Count: > 0 } problems ? problems : ExternalCertificateCheck.FindInChain(certificate.Span, Chain, clock.GetUtcNow());
        }
        catch (Exception error) when (error is AsnContentException or CryptographicException or ServiceException or ArgumentException or OverflowException)
        {
            return ["The certificate can't be read."];
        }
    }

    /// <summary>Adds a certificate that passes <see cref="Check"/> to the caller's unit of work, as <see cref="CertificateAuthority.Issue"/> does with one of ours.</summary>
    /// <exception cref="ServiceException">Invalid: it does not pass.</exception>
    public IssuedCertificate Accept(PortalDbContext db, IssuanceOrder order, byte[] certificate, Actor actor)
    {
        if (Check(order, certificate) is { Count: > 0 } problems) throw AuthorityErrors.NotAnswered(problems);
        var (read, _) = CertificateReader.Read(certificate);
        var (now, issued) = (clock.GetUtcNow(), IssuedCertificate.OfExternal(order, read, certificate, clock.GetUtcNow()));
        db.IssuedCertificates.Add(issued);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.CertificateIssued, actor, "certificate", issued.SerialNumber.ToString(), now,
            $"{issued.Profile}: {issued.Subject} for {issued.SourceKey}, by {read.Issuer} as {Convert.ToHexStringLower(read.SerialNumber)}"));
        return issued;
    }

    /// <returns>SHA-256 of a certificate's key, lower-case hex, as requests name theirs; null: it is no certificate.</returns>
    public static string? FindKeyHash(ReadOnlyMemory<byte> certificate)
    {
        try
        {
            return certificate.Length > MaxCertificate ? null : PublicKeyFacts.HashOf(CertificateReader.Read(certificate).Certificate.PublicKeyInfo);
        }
        catch (Exception error) when (error is AsnContentException or CryptographicException or ServiceException or ArgumentException or OverflowException)
        {
            return null;
        }
    }

    private X509Certificate2? FindIssuer(X509Certificate2 certificate) => IsRoot(certificate) ? null
        : Chain.FirstOrDefault(candidate => candidate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData) && IsKeyOf(candidate, certificate));

    /// <summary>Of several CA certificates of one name, that whose key identifier the certificate names.</summary>
    private static bool IsKeyOf(X509Certificate2 issuer, X509Certificate2 certificate)
    {
        var named = certificate.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().FirstOrDefault()?.KeyIdentifier;
        var own = issuer.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault()?.SubjectKeyIdentifierBytes;
        return named is null || own is null || named.Value.Span.SequenceEqual(own.Value.Span);
    }

    internal static bool IsRoot(X509Certificate2 certificate) => certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);

    private static string? FindFileProblem(string file)
    {
        try
        {
            var certificates = ReadChain(file);
            if (certificates.Count == 0) return "there is no certificate in it.";
            if (certificates.FirstOrDefault(certificate => certificate.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault()?.CertificateAuthority is not true) is { } other)
                return $"{other.Subject} is no CA.";
            return certificates.Any(IsRoot) ? null : "no certificate in it is self-signed: put in all of the chain up to the root.";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return error.Message;
        }
    }

    private static IReadOnlyList<X509Certificate2> ReadChain(string? file)
    {
        if (string.IsNullOrWhiteSpace(file)) return [];
        var found = new X509Certificate2Collection();
        found.ImportFromPemFile(file);
        return [.. found];
    }
}
