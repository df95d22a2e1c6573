using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Delegation;
using StarPortal.Core.Shared;

namespace StarPortal.Tests.Delegation;

/// <summary>The owner's limit on a certificate's life, at each kind of CA: kept where the CA can keep it, and nothing is published where it cannot.</summary>
[Trait("Category", "Unit")]
public sealed class CertificateLifeTests
{
    private const string TooLong = "The certificate authority's certificates are valid for longer than the owner of the names allows.";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>RFC 8555 7.4: a CA that keeps notAfter has certificates as short as the owner wants, and the consumer is told how long they are.</summary>
    [Fact]
    public async Task CaWithoutStar_ThatKeepsDates_HasCertificatesAsShortAsAllowed()
    {
        await using var ca = await OtherCa.StartPlainAsync();
        await using var owner = await ca.StartOwnerAsync();
        await owner.DelegateAsync(OtherCa.Terms() with { MaxValidity = 12 });
        var valid = await owner.RegisterAndWaitAsync();
        Assert.Equal(("valid", 12.0), ((string?)valid["status"], (double)valid["validity"]!));
        Assert.Equal(owner.Portal.Clock.Now.AddHours(12), (await owner.OnlyOrderAsync()).LastNotAfter!.Value, TimeSpan.FromSeconds(2));
        for (var hour = 0; hour < 10; hour++) await ca.PassAsync(owner, TimeSpan.FromHours(1));
        Assert.Equal(2, ca.CountOf("POST /acme/order/finalize"));
    }

    [Fact]
    public async Task CaWithoutStar_ThatKeepsNoDates_IsTaken_WhenItsCertificatesAreShortEnough()
    {
        await using var ca = await OtherCa.StartPlainAsync();
        await using var owner = await ca.StartOwnerAsync();
        await owner.DelegateAsync(OtherCa.Terms() with { MaxValidity = 24 * 30 });
        var valid = await owner.RegisterAndWaitAsync();
        Assert.Equal(("valid", 24.0 * 7), ((string?)valid["status"], (double)valid["validity"]!));
    }

    /// <summary>It exists, and its holder may find it in a public log: so it is revoked. Consumer and owner learn what is wrong.</summary>
    [Fact]
    public async Task CaWithoutStar_ThatKeepsNoDates_IsRefused_WhenItsCertificatesAreTooLong()
    {
        await using var ca = await OtherCa.StartPlainAsync(("Authority:Profiles:star:Validity", "60.00:00:00"));
        await using var owner = await ca.StartOwnerAsync();
        ca.Play = (name, http, next) => name == "POST /acme/new-order" && http.Request.ContentLength > 0 ? RefuseDatesAsync(http, next) : next();
        await owner.DelegateAsync(OtherCa.Terms());
        var failed = await owner.RegisterAndWaitAsync();
        Assert.Equal(("failed", TooLong), ((string?)failed["status"], (string?)failed["reason"]));
        Assert.Contains("this delegation allows 24", (await owner.OnlyOrderAsync()).Detail, StringComparison.Ordinal);
        await using var db = ca.Portal.NewDb();
        Assert.NotNull(await db.Set<IssuedCertificate>().Where(certificate => certificate.SourceKey!.StartsWith("acme-order:")).Select(certificate => certificate.RevokedAt).SingleAsync(Ct));
    }

    /// <summary>One that had short ones and has long ones now: the last good one is served, and the owner hears why none follows.</summary>
    [Fact]
    public async Task Renewal_ThatIsTooLong_IsNotServed_AndTheOwnerSeesWhy()
    {
        await using var ca = await OtherCa.StartPlainAsync();
        await using var owner = await ca.StartOwnerAsync();
        using var other = new SmallCa();
        var csr = DelegationScene.Csr();
        await owner.DelegateAsync(OtherCa.Terms());
        await owner.RegisterAndWaitAsync(DelegationScene.Registration(csr));
        ca.Play = (name, http, next) => name == "POST /acme/certificate" ? OtherCa.RewriteAsync(http, next, _ => other.Certify(SmallCa.Read(csr), -1, 24 * 40)) : next();
        for (var hour = 0; hour < 20; hour++) await ca.PassAsync(owner, TimeSpan.FromHours(1));
        var order = await owner.OnlyOrderAsync();
        Assert.Equal(DelegatedOrderStatus.Valid, order.Status);
        Assert.Contains("this delegation allows 24", order.Detail, StringComparison.Ordinal);
        await using var db = owner.Portal.NewDb();
        Assert.Single(await db.KeptCertificates.ToListAsync(Ct));
    }

    /// <summary>A CA with STAR names its least lifetime; what it grants beyond the limit is never finalized.</summary>
    [Fact]
    public async Task CaWithStar_WhoseLeastLifetimeIsTooLong_IsRefused_BeforeAnythingIsIssued()
    {
        await using var ca = await OtherCa.StartAsync(("Star:MinLifetime", "2.00:00:00"));
        await using var owner = await ca.StartOwnerAsync();
        await owner.DelegateAsync(OtherCa.Terms());
        var failed = await owner.RegisterAndWaitAsync();
        Assert.Equal(("failed", TooLong), ((string?)failed["status"], (string?)failed["reason"]));
        Assert.Contains("2.00:00:00", (await owner.OnlyOrderAsync()).Detail, StringComparison.Ordinal);
        Assert.Equal(0, ca.CountOf("POST /acme/order/finalize"));
    }

    /// <summary>What this portal's own CA cannot keep is said when it is agreed on.</summary>
    [Fact]
    public async Task OwnCa_WhoseLeastLifetimeIsTooLong_IsRefusedAtSetUp()
    {
        await using var scene = await DelegationScene.StartAsync(settings: ("Star:MinLifetime", "2.00:00:00"));
        var refused = await Assert.ThrowsAsync<ServiceException>(() => scene.DelegateAsync());
        Assert.Equal((ErrorKind.Invalid, nameof(DelegationTerms.MaxValidity)), (refused.Kind, refused.Field));
        await scene.DelegateAsync(DelegationScene.Terms() with { MaxValidity = 48 });
    }

    /// <summary>RFC 9115 2.3.3: also one certificate that does not renew itself.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SingleCertificate_IsNoLongerThanAllowed(bool isLocal)
    {
        await using var ca = await OtherCa.StartAsync();
        await using var owner = await ca.StartOwnerAsync();
        using var ndc = await owner.NewNdcAsync();
        var valid = await owner.IssueAsync(ndc, owner.SingleOrder(await owner.DelegateAsync(isLocal ? DelegationScene.Terms() : OtherCa.Terms())));
        using var certificate = X509Certificate2.CreateFromPem(await owner.Portal.Client.GetStringAsync((string)valid.Json["certificate"]!, Ct));
        Assert.Equal(owner.Portal.Clock.Now.AddHours(24).UtcDateTime, certificate.NotAfter.ToUniversalTime(), TimeSpan.FromSeconds(2));
    }

    private static async Task RefuseDatesAsync(Microsoft.AspNetCore.Http.HttpContext http, Func<Task> next)
    {
        http.Request.Body = await BufferAsync(http.Request.Body);
        var body = new StreamReader(http.Request.Body).ReadToEnd();
        http.Request.Body.Position = 0;
        var payload = System.Text.Json.Nodes.JsonNode.Parse(body)!["payload"]!.ToString();
        if (System.Text.Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(payload)).Contains("notAfter", StringComparison.Ordinal)) await OtherCa.RefuseAsync(http, 400, "malformed");
        else await next();
    }

    private static async Task<Stream> BufferAsync(Stream body)
    {
        var kept = new MemoryStream();
        await body.CopyToAsync(kept, Ct);
        kept.Position = 0;
        return kept;
    }
}
