using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Revocation;
using StarPortal.Core.Shared;
using StarPortal.Tests.Credentials;
using StarPortal.Tests.Identity;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Revocation;

[Trait("Category", "Unit")]
public sealed class KeyHolderRevocationTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Proof_RevokesAsCompromised_AndTellsTheHolder()
    {
        await using var portal = await TestPortal.StartAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var ada = await AddAsync(portal, key);

        await RevokeAsync(portal, Proof(key, $"revoke {ada.Certificate.SerialNumber}"));
        await portal.DrainOutboxAsync();

        await using var db = portal.NewDb();
        Assert.Equal(RevocationReason.KeyCompromise, (await db.IssuedCertificates.SingleAsync(row => row.Id == ada.Certificate.Id, Ct)).RevocationReason);
        Assert.Contains(portal.Mails, mail => mail.Text.Contains("whoever has its private key", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Proof_IsTakenFromAnRsaKey_AndInCapitals()
    {
        await using var portal = await TestPortal.StartAsync();
        using var key = RSA.Create(2048);
        var ada = await CertifiedPerson.AddAsync(portal, new KeyPair([], key.ExportSubjectPublicKeyInfo()), storesKey: false);
        var request = new CertificateRequest($"CN=revoke {ada.Certificate.SerialNumber.ToString().ToUpperInvariant()}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

        Assert.Equal(ada.Certificate.SerialNumber, await RevokeAsync(portal, request.CreateSigningRequestPem()));
    }

    [Fact]
    public async Task Proof_IsRefused_WhenItWasMadeForSomethingElseOrByAnotherKey()
    {
        await using var portal = await TestPortal.StartAsync();
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256), other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var ada = await AddAsync(portal, key);
        var serial = ada.Certificate.SerialNumber;
        var right = Proof(key, $"revoke {serial}");
        string?[] proofs =
        [
            null, " ", "nonsense", new string('A', 100_000), Proof(key, "Ada Lovelace"), Proof(key, $"{serial}"), Proof(key, $"renew {serial}"), Proof(key, "revoke 00"),
            Proof(other, $"revoke {serial}"), Proof(key, $"revoke {serial} {serial}"), Tamper(right), right[..(right.Length / 2)],
        ];

        foreach (var proof in proofs) Assert.Equal(RevocationErrors.ProofField, (await AccountSupport.RefusedAsync(() => RevokeAsync(portal, proof), ErrorKind.Invalid)).Field);

        await using var db = portal.NewDb();
        Assert.Null((await db.IssuedCertificates.SingleAsync(row => row.Id == ada.Certificate.Id, Ct)).RevokedAt);
    }

    [Fact]
    public async Task Proof_SaysSo_WhenTheCertificateIsRevokedOrHasExpired()
    {
        await using var portal = await TestPortal.StartAsync();
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256), other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (ada, late) = (await AddAsync(portal, key), await AddAsync(portal, other));
        await RevokeAsync(portal, Proof(key, $"revoke {ada.Certificate.SerialNumber}"));

        await AccountSupport.RefusedAsync(() => RevokeAsync(portal, Proof(key, $"revoke {ada.Certificate.SerialNumber}")), ErrorKind.Conflict);
        portal.Clock.Advance(TimeSpan.FromDays(800));
        await AccountSupport.RefusedAsync(() => RevokeAsync(portal, Proof(other, $"revoke {late.Certificate.SerialNumber}")), ErrorKind.Conflict);
    }

    [Fact]
    public async Task Proof_IsTakenByCurl_AndAnsweredInJson()
    {
        await using var portal = await WebPortal.StartAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var serial = await IssueAsync(portal, key);
        using var body = new StringContent(Proof(key, $"revoke {serial}"), Encoding.ASCII, "application/pkcs10");

        using var answer = await portal.Client.PostAsync(new Uri("/api/v1/revocations", UriKind.Relative), body, Ct);
        using var nonsense = new StringContent("nonsense", Encoding.ASCII, "application/pkcs10");
        using var refusal = await portal.Client.PostAsync(new Uri("/api/v1/revocations", UriKind.Relative), nonsense, Ct);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.BadRequest), (answer.StatusCode, refusal.StatusCode));
        Assert.Contains("keyCompromise", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal("application/problem+json", refusal.Content.Headers.ContentType?.MediaType);
    }

    private static async Task<SerialNumber> IssueAsync(WebPortal portal, ECDsa key)
    {
        await using var db = portal.NewDb();
        var certificate = portal.Get<CertificateAuthority>().Issue(db, new IssuanceOrder
        {
            Profile = IssuanceProfiles.Person, Subject = DistinguishedName.Parse("DC=org, DC=starportal, O=Plasma Lab, CN=Ada Lovelace 123456"),
            Names = [SubjectAlternativeName.Email("ada@example.org")], PublicKeyInfo = key.ExportSubjectPublicKeyInfo(), SourceKey = "test:ada",
        }, Actor.System("test"));
        await db.SaveChangesAsync(Ct);
        return certificate.SerialNumber;
    }

    private static Task<CertifiedPerson> AddAsync(TestPortal portal, ECDsa key) =>
        CertifiedPerson.AddAsync(portal, new KeyPair([], key.ExportSubjectPublicKeyInfo()), storesKey: false);

    private static Task<SerialNumber> RevokeAsync(TestPortal portal, string? proof) => portal.Get<KeyHolderRevocation>().RevokeAsync(proof, SettledPerson.Visitor, Ct);

    private static string Proof(ECDsa key, string commonName) => new CertificateRequest($"CN={commonName}", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();

    /// <summary>The signature is of something else.</summary>
    private static string Tamper(string pem)
    {
        var der = Convert.FromBase64String(string.Concat(pem.Split('\n').Where(line => !line.StartsWith("---", StringComparison.Ordinal))));
        der[^1] ^= 1;
        return PemEncoding.WriteString("CERTIFICATE REQUEST", der);
    }
}
