using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Acme;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Acme;

/// <summary>finalize and the certificate: RFC 8555 7.4, 7.4.2, 11.1; RFC 8659, RFC 8657.</summary>
[Trait("Category", "Unit")]
public sealed class FinalizeTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<DatabaseProvider> Providers => TestDatabase.Providers;

    [Fact]
    public async Task Finalize_Issues_ExactlyTheNames()
    {
        await using var scene = await OrderScene.StartAsync();
        var caller = await scene.AddAccountAsync();
        var view = await scene.FinalizeAsync(caller, await scene.ReadyAsync(caller, "a.example.org", "*.example.org", "192.0.2.7", "2001:db8::7"));
        Assert.Equal(AcmeOrderStatus.Valid, view.Status);
        using var certificate = await DownloadAsync(scene, view);
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single();
        Assert.Equal(["a.example.org", "*.example.org"], names.EnumerateDnsNames());
        Assert.Equal(["192.0.2.7", "2001:db8::7"], names.EnumerateIPAddresses().Select(address => address.ToString()));
    }

    [Fact]
    public async Task Finalize_BeforeReady_IsOrderNotReady()
    {
        await using var scene = await OrderScene.StartAsync();
        var caller = await scene.AddAccountAsync();
        var view = await scene.OrderAsync(caller, "a.example.org");
        Assert.Equal(403, (await OrderScene.RefusedAsync(AcmeProblemType.OrderNotReady, () => scene.FinalizeAsync(caller, view))).Status);
    }

    [Fact]
    public async Task Finalize_Twice_IsOrderNotReady()
    {
        await using var scene = await OrderScene.StartAsync();
        var caller = await scene.AddAccountAsync();
        var view = await scene.OrderAsync(caller, "a.lab.example.org");
        await scene.FinalizeAsync(caller, view);
        await OrderScene.RefusedAsync(AcmeProblemType.OrderNotReady, () => scene.FinalizeAsync(caller, view));
    }

    public static TheoryData<string, byte[]> BadRequests => new()
    {
        { "nothing", [] },
        { "PEM", Encoding.ASCII.GetBytes(PemEncoding.WriteString("CERTIFICATE REQUEST", OrderScene.Csr("a.lab.example.org", "b.lab.example.org"))) },
        { "cut off", OrderScene.Csr("a.lab.example.org", "b.lab.example.org")[..^9] },
        { "a name less", OrderScene.Csr("a.lab.example.org") },
        { "a name more", OrderScene.Csr("a.lab.example.org", "b.lab.example.org", "c.lab.example.org") },
        { "a wildcard instead", OrderScene.Csr("*.lab.example.org", "b.lab.example.org") },
        { "an address more", OrderScene.Csr("a.lab.example.org", "b.lab.example.org", "192.0.2.1") },
        { "mail", OrderScene.Csr("a.lab.example.org", "b.lab.example.org", "x@example.org") },
        { "another common name", WithSubject("CN=c.lab.example.org", "a.lab.example.org", "b.lab.example.org") },
        { "wrong signature", Spoilt() },
        { "a weak key", WeakKey() },
        { "must-staple", MustStaple() },
    };

    /// <summary>7.4: badCSR, and the order stays ready.</summary>
    [Theory]
    [MemberData(nameof(BadRequests))]
    public async Task BadRequest_IsRefused_AndTheOrderStaysReady(string what, byte[] csr)
    {
        await using var scene = await OrderScene.StartAsync();
        var caller = await scene.AddAccountAsync();
        var view = await scene.OrderAsync(caller, "a.lab.example.org", "b.lab.example.org");
        var error = await OrderScene.RefusedAsync(AcmeProblemType.BadCsr, () => scene.FinalizeAsync(caller, view, csr));
        Assert.False(string.IsNullOrWhiteSpace(error.Message), what);
        Assert.Equal(AcmeOrderStatus.Ready, (await scene.ReadAsync(caller, view)).Status);
        Assert.Equal(AcmeOrderStatus.Valid, (await scene.FinalizeAsync(caller, view)).Status);
    }

    [Fact]
    public async Task Names_InTheCommonNameAlone_Suffice()
    {
        await using var scene = await OrderScene.StartAsync();
        var caller = await scene.AddAccountAsync();
        Assert.Equal(AcmeOrderStatus.Valid, (await scene.FinalizeAsync(caller, await scene.OrderAsync(caller, "a.lab.example.org"), WithSubject("CN=A.lab.example.org"))).Status);
    }

    /// <summary>11.1.</summary>
    [Fact]
    public async Task AccountsOwnKey_IsNotCertified()
    {
        await using var scene = await OrderScene.StartAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var caller = await scene.AddAccountAsync() with { KeyHash = PublicKeyFacts.HashOf(key.ExportSubjectPublicKeyInfo()) };
        var view = await scene.OrderAsync(caller, "a.lab.example.org");
        await OrderScene.RefusedAsync(AcmeProblemType.BadCsr, () => scene.FinalizeAsync(caller, view, OrderScene.Csr(key, "", "a.lab.example.org")));
    }

    /// <summary>11.1: of any account, also one that has been ended.</summary>
    [Theory]
    [InlineData("P-256")]
    [InlineData("P-384")]
    [InlineData("P-521")]
    [InlineData("RSA")]
    public async Task AnotherAccountsKey_IsNotCertified(string kind)
    {
        await using var scene = await OrderScene.StartAsync();
        using var key = kind == "RSA" ? TestKey.Rsa() : TestKey.Ec(kind);
        var (caller, other) = (await scene.AddAccountAsync(), AcmeAccount.Create(AcmeLinks.MainPath, AcmeJwk.Restore(key.Jwk.ToJsonString()), [], null, scene.Now));
        other.Deactivate();
        await using var db = scene.Portal.NewDb();
        db.AcmeAccounts.Add(other);
        await db.SaveChangesAsync(Ct);
        var view = await scene.OrderAsync(caller, "a.lab.example.org");
        var refused = await OrderScene.RefusedAsync(AcmeProblemType.BadCsr, () => scene.FinalizeAsync(caller, view, OrderScene.Csr(key, "a.lab.example.org")));
        Assert.Contains("key of an account", refused.Message, StringComparison.Ordinal);
        Assert.Equal(AcmeOrderStatus.Valid, (await scene.FinalizeAsync(caller, view)).Status);
    }

    [Fact]
    public async Task Caa_IsAskedForEachName_WithAccountAndMethod()
    {
        await using var scene = await OrderScene.StartAsync();
        var caller = await scene.AddAccountAsync();
        await scene.FinalizeAsync(caller, await scene.ReadyAsync(caller, "a.example.org", "*.example.org"));
        Assert.Equal([("a.example.org", false, caller.AccountUrl, "http-01"), ("example.org", true, caller.AccountUrl, "dns-01")], scene.World.CaaAsked.Order());
    }

    [Fact]
    public async Task CaaThatForbids_IsToldForItsName_AndTheOrderStaysReady()
    {
        await using var scene = await OrderScene.StartAsync();
        var caller = await scene.AddAccountAsync();
        var view = await scene.ReadyAsync(caller, "a.example.org", "b.example.org");
        scene.World.CaaForbids.Add("b.example.org");
        var error = await OrderScene.RefusedAsync(AcmeProblemType.Caa, () => scene.FinalizeAsync(caller, view));
        Assert.Equal("b.example.org", Assert.Single(error.Subproblems).Identifier?.Value);
        scene.World.CaaForbids.Clear();
        Assert.Equal(AcmeOrderStatus.Valid, (await scene.FinalizeAsync(caller, view)).Status);
    }

    /// <summary>One order of a hundred slow names must not hold every slot there is.</summary>
    [Fact]
    public async Task Caa_OfOneAccount_TakesAQuarterOfTheSlots()
    {
        await using var scene = await OrderScene.StartAsync(settings: ("Acme:ValidationConcurrency", "8"));
        var caller = await scene.AddAccountAsync();
        var view = await scene.ReadyAsync(caller, "a.example.org", "b.example.org", "c.example.org", "d.example.org", "e.example.org", "f.example.org");
        var answers = new TaskCompletionSource();
        scene.World.CaaGate = answers.Task;
        var finalizing = scene.FinalizeAsync(caller, view);
        await scene.World.CaaReached.Task.WaitAsync(TimeSpan.FromSeconds(30), Ct);
        answers.SetResult();
        Assert.Equal(AcmeOrderStatus.Valid, (await finalizing).Status);
        Assert.Equal((6, 2), (scene.World.CaaAsked.Count, scene.World.MostCaaAtOnce));
    }

    /// <summary>Why is for people to read: the client was told, and its order is as it was.</summary>
    [Fact]
    public async Task Refusal_IsShownAtItsOrder_OnceForEachReason()
    {
        await using var scene = await OrderScene.StartAsync();
        var caller = await scene.AddAccountAsync();
        var view = await scene.ReadyAsync(caller, "a.example.org");
        for (var again = 0; again < 3; again++) await OrderScene.RefusedAsync(AcmeProblemType.BadCsr, () => scene.FinalizeAsync(caller, view, OrderScene.Csr("b.example.org")));
        scene.World.CaaForbids.Add("a.example.org");
        await OrderScene.RefusedAsync(AcmeProblemType.Caa, () => scene.FinalizeAsync(caller, view));
        var administrator = await scene.Portal.AddAdministratorAsync();
        var refusals = (await scene.Portal.Get<OrderSearch>().GetAsync(view.Order.Id, administrator, Ct)).Refusals;
        Assert.Equal([AcmeProblemType.Caa, AcmeProblemType.BadCsr], refusals.Select(refusal => refusal.Type));
        Assert.Contains("a.example.org has CAA records", refusals[0].Detail, StringComparison.Ordinal);
        var figures = await scene.Portal.Get<AcmeOutlook>().ReadAsync(administrator, Ct);
        Assert.Equal([(AcmeProblemType.BadCsr, 1), (AcmeProblemType.Caa, 1)], figures.FailuresByReason.Select(failure => (failure.Key, failure.Value)).Order());
    }

    [Fact]
    public async Task Refusals_OfOneOrder_AreAHandful()
    {
        await using var scene = await OrderScene.StartAsync();
        var caller = await scene.AddAccountAsync();
        var view = await scene.OrderAsync(caller, "a.lab.example.org");
        for (var name = 0; name < 9; name++) await OrderScene.RefusedAsync(AcmeProblemType.BadCsr, () => scene.FinalizeAsync(caller, view, OrderScene.Csr($"{name}.lab.example.org")));
        await using var db = scene.Portal.NewDb();
        Assert.Equal(FinalizeRefusals.MostOfOneOrder, await db.AuditRecords.CountAsync(record => record.Action == AuditAction.AcmeFinalizeRefused, Ct));
    }

    /// <summary>draft-ietf-acme-profiles: a profile that was taken out of use between newOrder and finalize.</summary>
    [Fact]
    public async Task ProfileThatIsGone_IsInvalidProfile()
    {
        await using var scene = await OrderScene.StartAsync();
        var caller = await scene.AddAccountAsync();
        var view = await scene.OrderAsync(caller, "a.lab.example.org");
        await using (var db = scene.Portal.NewDb())
            await db.AcmeOrders.ExecuteUpdateAsync(order => order.SetProperty(row => row.Profile, "gone"), Ct);
        scene.Portal.Get<OrderShelf>().Forget(view.Order);
        var refused = await OrderScene.RefusedAsync(AcmeProblemType.InvalidProfile, () => scene.FinalizeAsync(caller, view));
        Assert.Contains("gone", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task ManyAtOnce_GetOneCertificate(DatabaseProvider provider)
    {
        await using var scene = await OrderScene.StartAsync(provider: provider);
        var caller = await scene.AddAccountAsync();
        var view = await scene.OrderAsync(caller, "a.lab.example.org");
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            try
            {
                return (await scene.FinalizeAsync(caller, view)).Status.ToString();
            }
            catch (AcmeException refused)
            {
                return refused.Type.ToString();
            }
        })));
        Assert.Equal(1, outcomes.Count(outcome => outcome == nameof(AcmeOrderStatus.Valid)));
        Assert.Equal(7, outcomes.Count(outcome => outcome == nameof(AcmeProblemType.OrderNotReady)));
        await using var db = scene.Portal.NewDb();
        Assert.Equal(1, await db.IssuedCertificates.CountAsync(certificate => certificate.SourceKey == view.Order.SourceKey, Ct));
    }

    /// <summary>7.4.2, 9.1 and erratum 5983: strict PEM, one line end between; other chains by Link.</summary>
    [Fact]
    public async Task Certificate_ComesWithItsChain_AndTheRootAsAnAlternate()
    {
        await using var scene = await OrderScene.StartAsync();
        var caller = await scene.AddAccountAsync();
        var view = await scene.FinalizeAsync(caller, await scene.OrderAsync(caller, "a.lab.example.org"));
        var shelf = scene.Portal.Get<CertificateShelf>();
        for (var chain = 0; chain < 2; chain++)
        {
            var text = Encoding.ASCII.GetString((await shelf.GetAsync(view.Order, chain, Ct)).Pem);
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPem(text);
            Assert.Equal(2 + chain, certificates.Count);
            Assert.DoesNotContain("\n\n", text, StringComparison.Ordinal);
            Assert.StartsWith("-----BEGIN CERTIFICATE-----\n", text, StringComparison.Ordinal);
            for (var i = 1; i < certificates.Count; i++) Assert.Equal(certificates[i - 1].IssuerName.RawData, certificates[i].SubjectName.RawData);
        }

        await OrderScene.RefusedAsync(AcmeProblemType.Malformed, () => shelf.GetAsync(view.Order, 2, Ct).AsTask());
    }

    [Fact]
    public async Task Certificate_IsRead_WhereItWasNotIssued()
    {
        await using var scene = await OrderScene.StartAsync();
        var caller = await scene.AddAccountAsync();
        var view = await scene.FinalizeAsync(caller, await scene.OrderAsync(caller, "a.lab.example.org"));
        var other = new CertificateShelf(scene.Portal.Get<IDbContextFactory<PortalDbContext>>(), scene.Portal.Get<CertificateAuthority>());
        Assert.Equal((await scene.Portal.Get<CertificateShelf>().GetAsync(view.Order, 0, Ct)).Pem, (await other.GetAsync(view.Order, 0, Ct)).Pem);
    }

    private static async Task<X509Certificate2> DownloadAsync(OrderScene scene, OrderView view) =>
        X509Certificate2.CreateFromPem(Encoding.ASCII.GetString((await scene.Portal.Get<CertificateShelf>().GetAsync(view.Order, 0, Ct)).Pem));

    private static byte[] WithSubject(string subject, params string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return OrderScene.Csr(key, subject, names);
    }

    private static byte[] Spoilt()
    {
        var csr = OrderScene.Csr("a.lab.example.org", "b.lab.example.org");
        csr[^1] ^= 1;
        return csr;
    }

    private static byte[] WeakKey()
    {
        using var key = RSA.Create(1024);
        return Request(new CertificateRequest("", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    private static byte[] MustStaple()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509Extension("1.3.6.1.5.5.7.1.24", [0x30, 0x03, 0x02, 0x01, 0x05], critical: false));
        return Request(request);
    }

    private static byte[] Request(CertificateRequest request)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("a.lab.example.org");
        names.AddDnsName("b.lab.example.org");
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSigningRequest();
    }
}
