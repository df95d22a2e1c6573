using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Credentials;
using StarPortal.Core.Identity;
using StarPortal.Core.Renewal;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Renewal;

/// <summary>Renewing by people who hold their key: a session and the account's passphrase, and a new key of theirs.</summary>
[Trait("Category", "Unit")]
public sealed class OwnKeyTests
{
    private const string AccountPassphrase = "nine walruses paint fences";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Renew_CertifiesTheNewKey_AndStoresNone()
    {
        await using var portal = await EndingPerson.StartAsync();
        var ada = await AddAsync(portal);
        Assert.Equal(RenewalOutcome.Renewed, await ada.RenewAsync(await ada.LinkAsync(), Form(), ada.Actor));

        await using var db = portal.NewDb();
        Assert.Equal(2, await db.IssuedCertificates.CountAsync(row => row.UserId == ada.Actor.Id && row.Subject == ada.Certificate.Subject, Ct));
        Assert.Equal(0, await db.Credentials.CountAsync(row => row.UserId == ada.Actor.Id, Ct));
    }

    [Fact]
    public async Task Renew_NeedsASession_AndThePassphraseOfTheAccount()
    {
        await using var portal = await EndingPerson.StartAsync();
        var ada = await AddAsync(portal);
        var link = await ada.LinkAsync();

        Assert.Equal(ErrorKind.Unauthenticated, (await ada.RefusalAsync(link, Form())).Kind);
        var wrong = await ada.RefusalAsync(link, Form() with { Passphrase = "not it at all" }, ada.Actor);
        Assert.Equal((ErrorKind.Unauthenticated, RenewalErrors.PassphraseField), (wrong.Kind, wrong.Field));
    }

    [Fact]
    public async Task Renew_IsRefused_WhenTheRequestIsMissingOrBroken()
    {
        await using var portal = await EndingPerson.StartAsync();
        var ada = await AddAsync(portal);
        foreach (var text in (string?[])[null, " ", "-----BEGIN CERTIFICATE REQUEST-----\nnonsense\n-----END CERTIFICATE REQUEST-----"])
        {
            var refusal = await ada.RefusalAsync(ada.Account, Form() with { SigningRequest = text }, ada.Actor);
            Assert.Equal((ErrorKind.Invalid, RenewalErrors.SigningRequestField), (refusal.Kind, refusal.Field));
        }
    }

    [Fact]
    public async Task Renew_IsRefused_WhenTheKeyWasCertifiedBefore()
    {
        await using var portal = await EndingPerson.StartAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var bob = await AddAsync(portal, daysLeft: null);
        var ada = await AddAsync(portal, key);
        Assert.Equal(RenewalErrors.SameKey().Message, (await ada.RefusalAsync(ada.Account, Form(key), ada.Actor)).Message);
        Assert.Equal(RenewalErrors.SigningRequestField, (await bob.RefusalAsync(bob.Account, Form(key), bob.Actor)).Field);
    }

    private static async Task<EndingPerson> AddAsync(TestPortal portal, ECDsa? key = null, double? daysLeft = 40)
    {
        var pair = key is null ? null : new KeyPair([], key.ExportSubjectPublicKeyInfo());
        var ada = await EndingPerson.AddAsync(portal, daysLeft, storesKey: false, pair);
        await using var db = portal.NewDb();
        var user = await db.Users.SingleAsync(candidate => candidate.Id == ada.Actor.Id, Ct);
        user.PasswordHash = portal.Get<IPasswordHasher<PortalUser>>().HashPassword(user, AccountPassphrase);
        await db.SaveChangesAsync(Ct);
        return ada;
    }

    private static RenewalForm Form(ECDsa? key = null)
    {
        using var fresh = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new() { Passphrase = AccountPassphrase, SigningRequest = new CertificateRequest("CN=whatever", key ?? fresh, HashAlgorithmName.SHA256).CreateSigningRequestPem() };
    }
}
