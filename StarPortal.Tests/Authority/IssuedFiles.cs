using System.Security.Cryptography.X509Certificates;
using StarPortal.Core.Authority;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Authority;

/// <summary>A certificate and what is above it, as files for other people's tools.</summary>
internal sealed record IssuedFiles(IssuedCertificate Certificate, string Leaf, string Issuing, string Root, string Chain, string Folder)
{
    public static async Task<IssuedFiles> IssueAsync(TestPortal portal, IssuanceOrder order)
    {
        var authority = portal.Get<CertificateAuthority>();
        await using var db = portal.NewDb();
        var certificate = authority.Issue(db, order, Actor.System("test"));
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);

        var folder = Path.Combine(portal.DataDirectory, $"tool-{certificate.SerialNumber}");
        Directory.CreateDirectory(folder);
        var above = authority.ChainOf(certificate.Issuer);
        using var leaf = X509CertificateLoader.LoadCertificate(certificate.Der);
        return new(certificate,
            Write(folder, "leaf.pem", leaf), Write(folder, "issuing.pem", above[0]), Write(folder, "root.pem", above[1]),
            Write(folder, "chain.pem", leaf, above[0], above[1]), folder);
    }

    public static async Task RevokeAsync(TestPortal portal, IssuedCertificate certificate, RevocationReason reason = RevocationReason.KeyCompromise)
    {
        await using (var db = portal.NewDb())
        {
            var row = await db.IssuedCertificates.FindAsync([certificate.Id], TestContext.Current.CancellationToken);
            portal.Get<CertificateAuthority>().Revoke(db, row!, reason, Actor.System("test"));
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        await portal.DrainOutboxAsync();
    }

    public async Task<string> WriteCrlsAsync(TestPortal portal)
    {
        var path = Path.Combine(Folder, "crls.pem");
        var shelf = portal.Get<CrlShelf>();
        var crls = new[] { (await shelf.FindAsync(Certificate.Issuer, default))!, (await shelf.FindAsync(Issuers.Root, default))! };
        await File.WriteAllLinesAsync(path, crls.Select(crl => new string(System.Security.Cryptography.PemEncoding.Write("X509 CRL", crl.Der))));
        return path;
    }

    private static string Write(string folder, string name, params X509Certificate2[] certificates)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllLines(path, certificates.Select(certificate => certificate.ExportCertificatePem()));
        return path;
    }
}
