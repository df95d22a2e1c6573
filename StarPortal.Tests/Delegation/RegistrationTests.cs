using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Acme;
using StarPortal.Core.Delegation;
using StarPortal.Core.Shared;
using StarPortal.Core.Star;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Delegation;

/// <summary>POST /star/registration and its completion URL, over this portal's own CA.</summary>
[Trait("Category", "Unit")]
public sealed class RegistrationTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Registration_BecomesACertificate_ThatAnybodyFetchesAtTheUrl()
    {
        await using var scene = await DelegationScene.StartAsync();
        await scene.DelegateAsync();
        using var registered = await scene.RegisterAsync(DelegationScene.Registration());
        Assert.Equal(HttpStatusCode.Created, registered.StatusCode);
        Assert.StartsWith($"{scene.Portal.BaseUrl}star/registration/", registered.Headers.Location!.AbsoluteUri, StringComparison.Ordinal);
        var pending = await DelegationScene.ReadAsync(registered);
        Assert.Equal(("pending", 90, 24), ((string?)pending["status"], (int)pending["lifetime"]!, (int)pending["validity"]!));
        using var early = await scene.CompletionAsync(registered.Headers.Location!);
        Assert.Equal("pending", (string?)(await DelegationScene.ReadAsync(early))["status"]);
        Assert.True(early.Headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1));

        await scene.WorkAsync();
        using var completion = await scene.CompletionAsync(registered.Headers.Location!);
        var valid = await DelegationScene.ReadAsync(completion);
        Assert.Equal(("valid", 90), ((string?)valid["status"], (int)valid["lifetime"]!));
        using var fetched = await scene.Portal.Client.GetAsync((string)valid["certificates"]!, Ct);
        using var certificate = X509Certificate2.CreateFromPem(await fetched.Content.ReadAsStringAsync(Ct));
        Assert.True(certificate.MatchesHostname(DelegationScene.Name));
        await using var db = scene.Portal.NewDb();
        await AuditLog.RequireIntactAsync(db);
    }

    [Fact]
    public async Task Certificates_AreRenewed_UntilTheOwnerCancels()
    {
        await using var scene = await DelegationScene.StartAsync();
        await scene.DelegateAsync();
        var valid = await scene.RegisterAndWaitAsync();
        var url = (string)valid["certificates"]!;
        var first = await scene.Portal.Client.GetStringAsync(url, Ct);
        scene.Portal.Clock.Advance(TimeSpan.FromHours(13));
        await scene.Portal.Get<RenewalEngine>().RenewDueAsync(Ct);
        Assert.NotEqual(first, await scene.Portal.Client.GetStringAsync(url, Ct));

        await using var db = scene.Portal.NewDb();
        var order = await db.DelegatedOrders.AsNoTracking().SingleAsync(Ct);
        await scene.Portal.Get<DelegatedOrderDecisions>().CancelAsync(order.Id, "", scene.Owner, Ct);
        await scene.WorkAsync();
        using var gone = await scene.Portal.Client.GetAsync(url, Ct);
        Assert.Equal((HttpStatusCode.Forbidden, true), (gone.StatusCode, (await gone.Content.ReadAsStringAsync(Ct)).Contains("autoRenewalCanceled", StringComparison.Ordinal)));
        Assert.Equal(StarOrderStatus.Canceled, await db.StarOrders.Select(star => star.Status).SingleAsync(Ct));
        await AuditLog.RequireIntactAsync(db);
    }

    [Fact]
    public async Task Credential_IsTakenAsBasic_AndAsBearer_AndWrongOnesAreOneAnswer()
    {
        await using var scene = await DelegationScene.StartAsync();
        await scene.DelegateAsync();
        Assert.Equal(HttpStatusCode.Created, await StatusAsync(scene, $"{scene.Consumer.Id:N}:{scene.Token}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(scene, $"{Guid.NewGuid():N}:{scene.Token}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(scene, $"{scene.Consumer.Id:N}:{SecureTokens.NewToken()}"));
        using var bearer = await scene.RegisterAsync(DelegationScene.Registration(), SecureTokens.NewToken());
        Assert.Equal(HttpStatusCode.Unauthorized, bearer.StatusCode);
        Assert.Equal("Basic", Assert.Single(bearer.Headers.WwwAuthenticate).Scheme);
    }

    [Fact]
    public async Task Registration_OfAnotherConsumer_DoesNotExist()
    {
        await using var scene = await DelegationScene.StartAsync();
        await scene.DelegateAsync();
        using var registered = await scene.RegisterAsync(DelegationScene.Registration());
        var consumers = scene.Portal.Get<ConsumerService>();
        var other = await consumers.AddTokenAsync((await consumers.CreateAsync("CDN Two", scene.Owner, Ct)).Id, scene.Owner, Ct);
        foreach (var token in new[] { other, "" })
        {
            using var foreign = await scene.CompletionAsync(registered.Headers.Location!, token);
            Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        }

        using var guessed = await scene.CompletionAsync(new Uri(scene.Portal.BaseUrl, $"star/registration/{Guid.NewGuid():N}"));
        Assert.Equal(HttpStatusCode.NotFound, guessed.StatusCode);
    }

    /// <summary>An owner has one account with this portal's own CA, however many orders are the first.</summary>
    [Fact]
    public async Task FirstRegistrations_AtTheSameTime_AllBecomeCertificates()
    {
        await using var scene = await DelegationScene.StartAsync();
        await scene.DelegateAsync();
        for (var i = 0; i < 8; i++) (await scene.RegisterAsync(DelegationScene.Registration())).Dispose();
        await scene.WorkAsync();
        await using var db = scene.Portal.NewDb();
        Assert.All(await db.DelegatedOrders.AsNoTracking().ToListAsync(Ct), order => Assert.Equal(DelegatedOrderStatus.Valid, order.Status));
        Assert.Equal(1, await db.AcmeAccounts.CountAsync(Ct));
    }

    [Fact]
    public async Task IdempotencyKey_MakesOneRegistration_AndIsRefusedForAnother()
    {
        await using var scene = await DelegationScene.StartAsync();
        await scene.DelegateAsync();
        var body = DelegationScene.Registration();
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => scene.RegisterAsync(body.DeepClone(), idempotencyKey: "one")));
        Assert.Single(answers.Select(answer => answer.Headers.Location!.AbsoluteUri).Distinct(StringComparer.Ordinal));
        using var other = await scene.RegisterAsync(DelegationScene.Registration(), idempotencyKey: "one");
        Assert.Equal(HttpStatusCode.Conflict, other.StatusCode);
        foreach (var answer in answers) answer.Dispose();
    }

    [Theory]
    [InlineData("lifetime", "0")]
    [InlineData("lifetime", "-1")]
    [InlineData("lifetime", "\"365\"")]
    [InlineData("lifetime", "1e9999")]
    [InlineData("lifetime", "10000000000")]
    [InlineData("lifetime", "null")]
    [InlineData("validity", "0")]
    [InlineData("validity", "1.5")]
    [InlineData("csr", "7")]
    [InlineData("csr", "\"\"")]
    [InlineData("csr", "\"no CSR\"")]
    [InlineData("csr", "\"\\ud800\"")]
    public async Task Member_ThatIsWrong_IsNamed(string member, string value)
    {
        await using var scene = await DelegationScene.StartAsync();
        await scene.DelegateAsync();
        var others = DelegationScene.Registration();
        others.Remove(member);
        using var answer = await SendAsync(scene, $"{others.ToJsonString()[..^1]},\"{member}\":{value}}}");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.NotEmpty((await DelegationScene.ReadAsync(answer))["detail"]!.ToString());
        await using var db = scene.Portal.NewDb();
        Assert.Empty(await db.DelegatedOrders.ToListAsync(Ct));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{\"csr\":\"a\",\"csr\":\"b\"}")]
    public async Task Body_ThatIsNoJson_IsRefused(string body)
    {
        await using var scene = await DelegationScene.StartAsync();
        using var answer = await SendAsync(scene, body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    /// <summary>The prototype looked at the common name alone.</summary>
    [Fact]
    public async Task Csr_WithAnotherName_IsRefused_WhereverTheNameIs()
    {
        await using var scene = await DelegationScene.StartAsync();
        await scene.DelegateAsync();
        foreach (var csr in new[]
        {
            DelegationScene.Csr(DelegationScene.Name, "mail.example.org"), DelegationScene.Csr("*.example.org"), DelegationScene.Csr("www.example.net"),
            StarPortal.Tests.Acme.OrderScene.Csr(System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256), "CN=www.example.org", "www.example.net"),
            StarPortal.Tests.Acme.OrderScene.Csr(System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256), "CN=www.example.net", "www.example.org"),
        })
        {
            using var answer = await scene.RegisterAsync(DelegationScene.Registration(csr));
            Assert.True(answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Forbidden);
        }

        await using var db = scene.Portal.NewDb();
        Assert.Empty(await db.DelegatedOrders.ToListAsync(Ct));
    }

    /// <summary>What the delegation's names do not make good: nothing of it is kept.</summary>
    [Theory]
    [InlineData("RSA key")]
    [InlineData("extra extension")]
    [InlineData("altered")]
    [InlineData("key of an ACME account")]
    public async Task Csr_ThatDoesNotFit_IsRefused_AndLeavesNothing(string fault)
    {
        await using var scene = await DelegationScene.StartAsync();
        await scene.DelegateAsync();
        using var account = new StarPortal.Tests.Acme.AcmeClient(scene.Portal.Client);
        Assert.Equal(201, (int)(await account.RegisterAsync()).Status);
        using var answer = await scene.RegisterAsync(DelegationScene.Registration(CsrWith(fault, (ECDsa)account.Key.Key)));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        await using var db = scene.Portal.NewDb();
        Assert.Empty(await db.DelegatedOrders.ToListAsync(Ct));
    }

    /// <summary>A token of one's own opens nobody else's delegation.</summary>
    [Fact]
    public async Task Names_ThatWereDelegatedToAnother_AreNotGranted()
    {
        await using var scene = await DelegationScene.StartAsync();
        await scene.DelegateAsync();
        var consumers = scene.Portal.Get<ConsumerService>();
        var other = await consumers.AddTokenAsync((await consumers.CreateAsync("CDN Two", scene.Owner, Ct)).Id, scene.Owner, Ct);
        using var answer = await scene.RegisterAsync(DelegationScene.Registration(), other);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    /// <summary>The prototype mixed up units: hours are hours, days are days.</summary>
    [Fact]
    public async Task Periods_AreOfTheUnitsThatTheInterfaceHas()
    {
        await using var scene = await DelegationScene.StartAsync();
        await scene.DelegateAsync();
        await scene.RegisterAndWaitAsync(DelegationScene.Registration(lifetime: 3, validity: 6));
        await using var db = scene.Portal.NewDb();
        var star = await db.StarOrders.SingleAsync(Ct);
        Assert.Equal((6 * 3600, scene.Portal.Clock.Now.AddDays(3)), (star.Lifetime, star.EndDate));
    }

    /// <summary>The prototype put what stood in a URL into commands and paths.</summary>
    [Theory]
    [InlineData("1")]
    [InlineData("../../etc/passwd")]
    [InlineData("..%2f..%2fetc%2fpasswd")]
    [InlineData("%00")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    public async Task CompletionUrl_ThatIsNone_IsNotFound(string id)
    {
        await using var scene = await DelegationScene.StartAsync();
        using var answer = await scene.CompletionAsync(new Uri($"{scene.Portal.BaseUrl}star/registration/{id}"));
        Assert.True(answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest, $"{answer.StatusCode}");
    }

    [Fact]
    public async Task Anonymous_WaitsForTheOwner_AndIsToldNothingOfTemplates()
    {
        await using var scene = await DelegationScene.StartAsync();
        await scene.Portal.Get<DelegationService>().CreateAsync(DelegationScene.Terms(), null, scene.Owner, Ct);
        using var wrong = await scene.RegisterAsync(DelegationScene.Registration(DelegationScene.Csr(DelegationScene.Name, "mail.example.org")), "");
        Assert.Equal(HttpStatusCode.Forbidden, wrong.StatusCode);
        Assert.DoesNotContain("mail", await wrong.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);

        using var registered = await scene.RegisterAsync(DelegationScene.Registration(), "");
        Assert.Equal(HttpStatusCode.Created, registered.StatusCode);
        await scene.WorkAsync();
        await using var db = scene.Portal.NewDb();
        var order = await db.DelegatedOrders.AsNoTracking().SingleAsync(Ct);
        Assert.Equal(DelegatedOrderStatus.Waiting, order.Status);
        await Assert.ThrowsAsync<ServiceException>(() => scene.Portal.Get<DelegatedOrderDecisions>().ApproveAsync(order.Id, Actor.Anonymous(), Ct));
        await scene.Portal.Get<DelegatedOrderDecisions>().ApproveAsync(order.Id, scene.Owner, Ct);
        await scene.WorkAsync();
        using var completion = await scene.CompletionAsync(registered.Headers.Location!, "");
        Assert.Equal("valid", (string?)(await DelegationScene.ReadAsync(completion))["status"]);
    }

    [Fact]
    public async Task Refusal_AndLapse_AreFailures_WithAReason()
    {
        await using var scene = await DelegationScene.StartAsync();
        await scene.DelegateAsync(DelegationScene.Terms() with { Approval = DelegationApproval.Person });
        using var refused = await scene.RegisterAsync(DelegationScene.Registration());
        using var lapsed = await scene.RegisterAsync(DelegationScene.Registration());
        await using var db = scene.Portal.NewDb();
        var id = Guid.ParseExact(refused.Headers.Location!.Segments[^1], "N");
        await scene.Portal.Get<DelegatedOrderDecisions>().RefuseAsync(id, "Not this year.", scene.Owner, Ct);
        scene.Portal.Clock.Advance(TimeSpan.FromDays(7));
        await scene.WorkAsync();
        foreach (var (url, reason) in new[] { (refused.Headers.Location!, "Not this year."), (lapsed.Headers.Location!, "Nobody approved it in time.") })
        {
            using var completion = await scene.CompletionAsync(url);
            var failed = await DelegationScene.ReadAsync(completion);
            Assert.Equal(("failed", reason), ((string?)failed["status"], (string?)failed["reason"]));
        }
    }

    /// <summary>The consumer is told nothing of the owner's affairs, the owner everything.</summary>
    [Fact]
    public async Task RefusalOfTheCa_IsTold_WithoutItsDetail()
    {
        await using var scene = await DelegationScene.StartAsync();
        await scene.DelegateAsync();
        using var registered = await scene.RegisterAsync(DelegationScene.Registration());
        await using var db = scene.Portal.NewDb();
        await scene.Portal.Get<NamespaceService>().WithdrawAsync(await db.AcmeNamespaces.Select(space => space.Id).SingleAsync(Ct), "", Actor.System("test"), Ct);
        await scene.WorkAsync();
        using var completion = await scene.CompletionAsync(registered.Headers.Location!);
        var failed = await DelegationScene.ReadAsync(completion);
        Assert.Equal(("failed", "The certificate authority refused the order. Ask the owner of the names."), ((string?)failed["status"], (string?)failed["reason"]));
        Assert.Contains("namespace", await db.DelegatedOrders.Select(order => order.Detail).SingleAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NamespaceThatWasWithdrawn_TakesItsNamesOutOfEveryDelegation()
    {
        await using var scene = await DelegationScene.StartAsync();
        await scene.DelegateAsync();
        await using var db = scene.Portal.NewDb();
        await scene.Portal.Get<NamespaceService>().WithdrawAsync(await db.AcmeNamespaces.Select(space => space.Id).SingleAsync(Ct), "", Actor.System("test"), Ct);
        using var answer = await scene.RegisterAsync(DelegationScene.Registration());
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Delegation_ThatPausesOrEnds_TakesNoMore_AndItsEndCancelsWhatRuns()
    {
        await using var scene = await DelegationScene.StartAsync();
        var delegation = await scene.DelegateAsync();
        var valid = await scene.RegisterAndWaitAsync();
        await scene.Portal.Get<DelegationService>().PauseAsync(delegation.Id, scene.Owner, Ct);
        using var paused = await scene.RegisterAsync(DelegationScene.Registration());
        Assert.Equal(HttpStatusCode.Forbidden, paused.StatusCode);
        using var running = await scene.Portal.Client.GetAsync((string)valid["certificates"]!, Ct);
        Assert.Equal(HttpStatusCode.OK, running.StatusCode);

        await scene.Portal.Get<DelegationService>().EndAsync(delegation.Id, scene.Owner, Ct);
        await scene.WorkAsync();
        using var gone = await scene.Portal.Client.GetAsync((string)valid["certificates"]!, Ct);
        Assert.Equal(HttpStatusCode.Forbidden, gone.StatusCode);
    }

    [Fact]
    public async Task TokenThatWasRevoked_AndConsumerThatEnded_AreNobody()
    {
        await using var scene = await DelegationScene.StartAsync();
        await scene.DelegateAsync();
        var consumers = scene.Portal.Get<ConsumerService>();
        var second = await consumers.AddTokenAsync(scene.Consumer.Id, scene.Owner, Ct);
        await using var db = scene.Portal.NewDb();
        var first = await db.ConsumerCredentials.Where(credential => credential.Secret == SecureTokens.Hash(scene.Token)).Select(credential => credential.Id).SingleAsync(Ct);
        await consumers.RevokeAsync(first, scene.Owner, Ct);
        using var revoked = await scene.RegisterAsync(DelegationScene.Registration());
        using var other = await scene.RegisterAsync(DelegationScene.Registration(), second);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Created), (revoked.StatusCode, other.StatusCode));
        await consumers.EndAsync(scene.Consumer.Id, scene.Owner, Ct);
        using var ended = await scene.RegisterAsync(DelegationScene.Registration(), second);
        Assert.Equal(HttpStatusCode.Unauthorized, ended.StatusCode);
    }

    private static byte[] CsrWith(string fault, ECDsa accountKey)
    {
        switch (fault)
        {
            case "RSA key":
                using (var rsa = RSA.Create(2048)) return Complete(new CertificateRequest("", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)).CreateSigningRequest();
            case "extra extension":
                using (var fresh = ECDsa.Create(ECCurve.NamedCurves.nistP256))
                {
                    var request = Complete(new CertificateRequest("", fresh, HashAlgorithmName.SHA256));
                    request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
                    return request.CreateSigningRequest();
                }

            case "altered":
                var csr = DelegationScene.Csr();
                csr[^1] ^= 1;
                return csr;
            default:
                return Complete(new CertificateRequest("", accountKey, HashAlgorithmName.SHA256)).CreateSigningRequest();
        }
    }

    /// <summary>As the template of the scene's delegation has it.</summary>
    private static CertificateRequest Complete(CertificateRequest request)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(DelegationScene.Name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        return request;
    }

    private static async Task<HttpStatusCode> StatusAsync(DelegationScene scene, string basic)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "star/registration") { Content = JsonContent.Create<JsonNode>(DelegationScene.Registration()) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(basic)));
        using var answer = await scene.Portal.Client.SendAsync(request, Ct);
        return answer.StatusCode;
    }

    private static async Task<HttpResponseMessage> SendAsync(DelegationScene scene, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "star/registration") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", scene.Token);
        return await scene.Portal.Client.SendAsync(request, Ct);
    }
}
