using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Authority;

/// <summary>
/// Makes the root and the issuing CAs at first start and loads them at each. The order is key file, certificate file, database row;
/// each step is atomic and each later start does what is missing, so that a death at any point leads to the same end.
/// </summary>
public sealed partial class AuthoritySetup(
    AuthorityFiles files, Issuers issuers, IDbContextFactory<PortalDbContext> contexts, AuthoritySetupContext context, ILogger<AuthoritySetup> logger)
{
    /// <summary>Needs the database's schema; safe to call again, and from several nodes that share the data directory.</summary>
    /// <exception cref="AuthorityUnusableException">The files and the database are not from the same authority; the message says what to restore.</exception>
    public async Task EnsureAsync(CancellationToken ct)
    {
        await using var turn = await context.TakeTurnAsync(ct);
        Dictionary<string, X509Certificate2> certificates = new(StringComparer.Ordinal);
        foreach (var name in Issuers.Names)
        {
            certificates[name] = await EnsureAsync(name, certificates.GetValueOrDefault(Issuers.Root), ct);
        }

        issuers.Load(certificates);
    }

    private async Task<X509Certificate2> EnsureAsync(string name, X509Certificate2? root, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var source = OwnCertificates.AuthoritySource(name);
        var recorded = await db.IssuedCertificates.AsNoTracking().SingleOrDefaultAsync(certificate => certificate.SourceKey == source, ct);
        if (recorded is not null) return await LoadAsync(name, recorded, ct);

        if (!files.HasKey(name)) await MakeKeyAsync(name, ct);
        using var key = files.OpenKey(name);
        var der = files.FindCertificate(name)?.RawData ?? await MakeCertificateAsync(name, key, root, ct);
        var certificate = X509CertificateLoader.LoadCertificate(der);
        RequireMatch(name, certificate, key);
        await RecordAsync(db, name, der, ct);
        return certificate;
    }

    /// <summary>The database knows this CA: the key has to be here, the certificate's file is a copy.</summary>
    private async Task<X509Certificate2> LoadAsync(string name, IssuedCertificate recorded, CancellationToken ct)
    {
        if (!files.HasKey(name))
            throw new AuthorityUnusableException($"{files.KeyPath(name)} is missing, but this database has certificates of that authority. Restore keys/ from the backup that belongs to the database.");
        var certificate = X509CertificateLoader.LoadCertificate(recorded.Der);
        using (var key = files.OpenKey(name)) RequireMatch(name, certificate, key);
        if (files.FindCertificate(name) is not { } copy || !copy.RawData.AsSpan().SequenceEqual(recorded.Der)) await files.WriteCertificateAsync(name, recorded.Der, ct);
        return certificate;
    }

    private async Task MakeKeyAsync(string name, CancellationToken ct)
    {
        using var key = context.OptionsOf(name).Algorithm.MakeKey();
        await files.WriteKeyAsync(name, key, ct);
        context.Step($"{name}.key");
    }

    private async Task<byte[]> MakeCertificateAsync(string name, SigningKey key, X509Certificate2? root, CancellationToken ct)
    {
        var der = root is null
            ? OwnCertificates.Root(context.SubjectOf(name), key, context.OptionsOf(name).Years, context.Now).Sign(key)
            : SignByRoot(name, key, context.IssuerOf(root));
        await files.WriteCertificateAsync(name, der, ct);
        context.Step($"{name}.pem");
        return der;
    }

    private byte[] SignByRoot(string name, SigningKey key, Issuer root) =>
        root.Sign(OwnCertificates.Issuing(context.SubjectOf(name), key.PublicKeyInfo, root, context.OptionsOf(name).Years, context.Now).Sign);

    private async Task RecordAsync(PortalDbContext db, string name, byte[] der, CancellationToken ct)
    {
        var issued = IssuedCertificate.OfOwn(der, Issuers.Root, OwnCertificates.Authority, OwnCertificates.AuthoritySource(name), context.Now);
        db.IssuedCertificates.Add(issued);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.AuthorityCreated, Actor.System("setup"), "authority", name, context.Now, $"{issued.Subject}, serial {issued.SerialNumber}"));
        await db.SaveChangesAsync(ct);
        context.Step($"{name}.row");
        LogCreated(name, issued.Subject);
    }

    private static void RequireMatch(string name, X509Certificate2 certificate, SigningKey key)
    {
        if (!certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.PublicKeyInfo))
            throw new AuthorityUnusableException($"keys/{name}.key is not the key of the certificate of that authority. Restore keys/, pki/ and the database from one backup.");
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Certificate authority {Name} made: {Subject}")]
    private partial void LogCreated(string name, string subject);
}
