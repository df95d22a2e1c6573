using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Approval;
using StarPortal.Core.Authority;
using StarPortal.Core.Credentials;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Approval.ExternalCa;

/// <summary>The way to the CA outside and back: what is sent, what counts as its answer, and what follows.</summary>
[Trait("Category", "Unit")]
public sealed class CaAnswerTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(TestDatabase.Providers), MemberType = typeof(TestDatabase))]
    public async Task ApprovedRequest_IsSentToTheCa_AndItsAnswerIssuedAsIfItWereOurs(DatabaseProvider provider)
    {
        await using var scene = await CaScene.StartAsync(provider: provider);
        var (request, mail) = await scene.AskAsync();
        var waiting = await scene.LoadAsync(request);
        Assert.True(waiting.IsWithCa);
        Assert.Matches(@"ra\+[0-9a-f]{32}@example\.org", mail.Headers["From"]);
        Assert.Equal("Sent to the CA, waiting", (await scene.Portal.Get<RequestTracker>().GetAsync(request.Id, Actor.Anonymous(), Ct)).Steps.Single(step => step.State is TrackStepState.Current).Title);
        Assert.Empty(await scene.CertificatesAsync(request));

        scene.Ca.Deliver(OutsideCa.Answer(mail, scene.Ca.Certify(mail)));
        Assert.StartsWith("1 certificates issued", await scene.ReadMailAsync(), StringComparison.Ordinal);

        var certificate = Assert.Single(await scene.CertificatesAsync(request));
        Assert.Equal((Issuers.External, request.Subject), (certificate.Issuer, certificate.Subject));
        Assert.Equal(RequestStatus.Issued, (await scene.LoadAsync(request)).Status);
        Assert.Equal((0, 1), (scene.Ca.Waiting, scene.Ca.PutAway));
        var person = Actor.Anonymous() with { Id = request.UserId, Name = request.UserName };
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(System.Text.Encoding.ASCII.GetString((await scene.Portal.Get<DownloadService>().GetCertificateAsync(certificate.SerialNumber, withChain: true, person, Ct)).Content));
        Assert.Equal(["Outside Issuing CA", "Outside Root"], chain.Skip(1).Select(above => above.GetNameInfo(X509NameType.SimpleName, forIssuer: false)));
        Assert.NotEmpty((await scene.Portal.Get<DownloadService>().GetKeyAsync(certificate.SerialNumber, DownloadUse.Firefox, Queued.Passphrase, person, Ct)).Content);
        await using var db = scene.Portal.NewDb();
        Assert.Equal(certificate.Id, (await db.StoredCredentials.SingleAsync(stored => stored.UserId == request.UserId, Ct)).CertificateId);
        Assert.Contains(certificate.SerialNumberOfIssuer, Assert.Single(scene.Portal.Mails, sent => sent.Subject == "Your certificate is ready").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_CountsOnce_HoweverOftenItComes()
    {
        await using var scene = await CaScene.StartAsync();
        var (request, mail) = await scene.AskAsync();
        var answer = OutsideCa.Answer(mail, scene.Ca.Certify(mail));
        for (var i = 0; i < 3; i++) scene.Ca.Deliver(answer);
        await scene.ReadMailAsync();

        Assert.Single(await scene.CertificatesAsync(request));
        await using var db = scene.Portal.NewDb();
        Assert.Equal(2, await db.CaMails.CountAsync(row => row.Status == CaMailStatus.Repeated, Ct));
        Assert.Single(scene.Portal.Mails, sent => sent.Subject == "Your certificate is ready");
    }

    public static TheoryData<string, string> Wrong => new()
    {
        { "key", "No request waits for a certificate of this key." },
        { "subject", "Its subject is" },
        { "name", "which nobody asked for" },
        { "ended", "It ended on" },
        { "authority", "It would make its holder a CA." },
        { "other CA", "It is not signed by the configured CA" },
        { "token", "It did not come to the address" },
        { "other subject line", "Its subject is not" },
        { "refusal", "It does not say" },
        { "nothing", "There is no certificate in it." },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Answer_IsSetAside_WhenItDoesNotFit(string fault, string reason)
    {
        await using var scene = await CaScene.StartAsync();
        var (request, mail) = await scene.AskAsync();
        scene.Ca.Deliver(Spoil(scene, mail, fault));
        await scene.ReadMailAsync();

        Assert.Empty(await scene.CertificatesAsync(request));
        Assert.True((await scene.LoadAsync(request)).IsWithCa);
        var aside = await scene.LastMailAsync();
        Assert.Equal(CaMailStatus.SetAside, aside.Status);
        Assert.Contains(reason, aside.Reason, StringComparison.Ordinal);
        Assert.Equal((0, 1), (scene.Ca.Waiting, scene.Ca.PutAway));

        scene.Ca.Deliver(OutsideCa.Answer(mail, scene.Ca.Certify(mail)));
        await scene.ReadMailAsync();
        Assert.Single(await scene.CertificatesAsync(request));
    }

    private static string Spoil(CaScene scene, SentMail mail, string fault)
    {
        var good = scene.Ca.Certify(mail);
        using var other = new OutsideCa(scene.Portal.Clock.Now);
        return fault switch
        {
            "key" => OutsideCa.Answer(mail, SelfMade(good.SubjectName)),
            "subject" => OutsideCa.Answer(mail, scene.Ca.Certify(mail, subject: new X500DistinguishedName("CN=Somebody Else"))),
            "name" => OutsideCa.Answer(mail, scene.Ca.Certify(mail, AddName)),
            "ended" => OutsideCa.Answer(mail, scene.Ca.Certify(mail, days: 1)),
            "authority" => OutsideCa.Answer(mail, scene.Ca.Certify(mail, request => request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true)))),
            "other CA" => OutsideCa.Answer(mail, other.Certify(mail)),
            "token" => OutsideCa.Answer(mail, good, to: "ra+00000000000000000000000000000000@example.org"),
            "other subject line" => OutsideCa.Answer(mail, good, subject: "Fwd: Your Certificate Request"),
            "refusal" => OutsideCa.Answer(mail, good, success: "Your certificate request was rejected."),
            _ => $"From: x@example.org\nTo: {mail.Headers["From"]}\nSubject: Your Certificate Request\n\n{OutsideCa.Success}\n",
        };
    }

    private static void AddName(CertificateRequest request)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("www.example.org");
        foreach (var known in request.CertificateExtensions.Where(extension => extension.Oid?.Value == "2.5.29.17").ToList()) request.CertificateExtensions.Remove(known);
        request.CertificateExtensions.Add(names.Build());
    }

    private static X509Certificate2 SelfMade(X500DistinguishedName name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = new TestClock().Now;
        return new CertificateRequest(name, key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(9));
    }

    [Fact]
    public async Task SignedAnswer_IsTaken_WhenASignatureIsDemanded()
    {
        await using var scene = await CaScene.StartAsync("Signature");
        var (request, mail) = await scene.AskAsync();
        Assert.Contains(OutsideCa.RaAddress, mail.Headers["From"], StringComparison.Ordinal);
        scene.Ca.Deliver(scene.Ca.SignedAnswer(mail, scene.Ca.Certify(mail)));
        await scene.ReadMailAsync();
        Assert.Single(await scene.CertificatesAsync(request));
    }

    [Theory]
    [InlineData("unsigned", "It is not signed.")]
    [InlineData("tampered", "It is not signed by the configured signer.")]
    [InlineData("stranger", "It is not signed by the configured signer.")]
    [InlineData("list", "It is not signed.")]
    public async Task Answer_IsSetAside_WhenItsSignatureDoesNotCount(string fault, string reason)
    {
        await using var scene = await CaScene.StartAsync("Signature");
        var (request, mail) = await scene.AskAsync();
        var certificate = scene.Ca.Certify(mail);
        using var key = RSA.Create(2048);
        using var stranger = new CertificateRequest("CN=Mail of the Outside CA", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(40), DateTimeOffset.UnixEpoch.AddYears(70));
        var message = fault switch
        {
            "unsigned" => OutsideCa.Answer(mail, certificate),
            "tampered" => scene.Ca.SignedAnswer(mail, certificate, tamper: content => content.Replace("processed", "Processed", StringComparison.Ordinal)),
            "stranger" => scene.Ca.SignedAnswer(mail, certificate, stranger),
            _ => scene.Ca.SignedAnswer(mail, certificate).Replace("Content-Type: multipart/signed", "Content-Type: multipart/mixed", StringComparison.Ordinal),
        };
        scene.Ca.Deliver(message);
        await scene.ReadMailAsync();

        Assert.Empty(await scene.CertificatesAsync(request));
        Assert.Equal(reason, (await scene.LastMailAsync()).Reason);
    }

    [Fact]
    public async Task OurOwnCa_SignsNothing_ThatComesFromOutside()
    {
        await using var scene = await CaScene.StartAsync();
        var (request, _) = await scene.AskAsync();
        await using var db = scene.Portal.NewDb();
        var refusal = Assert.Throws<ServiceException>(() => scene.Portal.Get<CertificateAuthority>().Issue(db, request.ToIssuanceOrder(), Actor.System("test")));
        Assert.Equal(ErrorKind.Conflict, refusal.Kind);
    }

    [Fact]
    public async Task RevokedAnswer_IsOnNoListOfOurs_AndUnknownToOurResponder()
    {
        await using var scene = await CaScene.StartAsync();
        var (request, mail) = await scene.AskAsync();
        scene.Ca.Deliver(OutsideCa.Answer(mail, scene.Ca.Certify(mail)));
        await scene.ReadMailAsync();
        await using (var db = scene.Portal.NewDb())
        {
            scene.Portal.Get<CertificateAuthority>().Revoke(db, await db.IssuedCertificates.SingleAsync(row => row.UserId == request.UserId, Ct), RevocationReason.KeyCompromise, scene.Officer);
            await db.SaveChangesAsync(Ct);
        }

        await scene.Portal.DrainOutboxAsync();
        await using var look = scene.Portal.NewDb();
        Assert.False(await look.Outbox.AnyAsync(item => item.Kind == "publish-crl", Ct));
        Assert.True((await look.IssuedCertificates.SingleAsync(row => row.UserId == request.UserId, Ct)).IsRevoked);
    }
}
