using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Credentials;

/// <summary>Hands a person's own certificate and key to that person, and to nobody else, whatever their role.</summary>
public sealed class DownloadService(
    IDbContextFactory<PortalDbContext> contexts, KeyProof proof, CertificateChains chains, IOptions<CredentialOptions> options, TimeProvider clock)
{
    /// <summary>The certificate in PEM, followed by the CAs above it if asked: public, so no passphrase.</summary>
    /// <exception cref="ServiceException">NotFound: no such certificate of this person.</exception>
    public async Task<DownloadFile> GetCertificateAsync(SerialNumber serial, bool withChain, Actor person, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var certificate = await LoadOwnAsync(db, serial, person, ct);
        var pem = PemOf(certificate.Der) + (withChain ? PemOfChain(certificate) : "");
        return new($"{FileName(certificate)}{(withChain ? "-chain" : "")}.pem", "application/x-pem-file", Encoding.ASCII.GetBytes(pem));
    }

    /// <summary>
    /// The key, in the form that <paramref name="use"/> needs, against its passphrase (<see cref="KeyProof"/>).
    /// </summary>
    /// <exception cref="ServiceException">
    /// NotFound; Conflict when the portal has no key or the certificate is revoked; Invalid or TooMany beside the passphrase.
    /// </exception>
    public async Task<DownloadFile> GetKeyAsync(SerialNumber serial, DownloadUse use, string? passphrase, Actor person, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(passphrase)) throw CredentialErrors.PassphraseMissing();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var certificate = await LoadOwnAsync(db, serial, person, ct);
        if (certificate.RevokedAt is not null) throw CredentialErrors.Revoked();
        var credentials = db.Credentials;
        var credential = await credentials.SingleOrDefaultAsync(candidate => candidate.CertificateId == certificate.Id, ct) ?? throw CredentialErrors.NoKey();

        using var key = await proof.OpenAsync(db, credential, passphrase, person, ct);
        var file = Shape(DownloadChoice.Of(use).Format, certificate, key, passphrase);
        var now = clock.GetUtcNow();
        credential.MarkDownloaded(now);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.CredentialDownloaded, person, "certificate", certificate.Id, now, $"as {DownloadChoice.Of(use).Format} for {use}"));
        await SaveAsync(db, ct);
        return file;
    }

    private static async Task SaveAsync(PortalDbContext db, CancellationToken ct)
    {
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw CredentialErrors.AttemptUnderWay();
        }
    }

    private static async Task<IssuedCertificate> LoadOwnAsync(PortalDbContext db, SerialNumber serial, Actor person, CancellationToken ct)
    {
        var userId = person.RequireSignedIn();
        var certificates = db.IssuedCertificates.AsNoTracking();
        return await certificates.SingleOrDefaultAsync(candidate => candidate.SerialNumber == serial && candidate.UserId == userId, ct)
            ?? throw CredentialErrors.NotFound();
    }

    private DownloadFile Shape(DownloadFormat format, IssuedCertificate certificate, OpenKey open, string passphrase)
    {
        var name = FileName(certificate);
        return format switch
        {
            DownloadFormat.Pkcs12Modern => new($"{name}.p12", "application/x-pkcs12", Pkcs12(certificate, open.Key, passphrase, legacy: false)),
            DownloadFormat.Pkcs12Legacy => new($"{name}-legacy.p12", "application/x-pkcs12", Pkcs12(certificate, open.Key, passphrase, legacy: true)),
            DownloadFormat.PemBundle => new($"{name}-key-and-chain.pem", "application/x-pem-file",
                Encoding.ASCII.GetBytes(PemOf(certificate.Der) + PemOfChain(certificate) + PemOfKey(open.EncryptedPkcs8))),
            DownloadFormat.PemKey => new($"{name}-key.pem", "application/x-pem-file", Encoding.ASCII.GetBytes(PemOfKey(open.EncryptedPkcs8))),
        };
    }

    private byte[] Pkcs12(IssuedCertificate certificate, AsymmetricAlgorithm key, string passphrase, bool legacy)
    {
        using var x509 = X509CertificateLoader.LoadCertificate(certificate.Der);
        var friendlyName = $"{x509.GetNameInfo(X509NameType.SimpleName, forIssuer: false)} {certificate.NotAfter:yyyy-MM-dd}";
        return Pkcs12File.Write(key, x509, chains.Above(certificate), passphrase, friendlyName, legacy, options.Value.Pkcs12Iterations);
    }

    private string PemOfChain(IssuedCertificate certificate) =>
        string.Concat(chains.Above(certificate).Select(issuer => PemOf(issuer.RawData)));

    private static string PemOf(byte[] der) => PemEncoding.WriteString("CERTIFICATE", der) + "\n";

    private static string PemOfKey(byte[] encrypted) => PemEncoding.WriteString("ENCRYPTED PRIVATE KEY", encrypted) + "\n";

    private static string FileName(IssuedCertificate certificate) => $"certificate-{certificate.SerialNumber.ToString()[..8]}";
}
