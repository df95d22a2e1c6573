using System.Text;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Shared;
using StarPortal.Tests.Credentials;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.MyProxy.Repository;

/// <summary>What works without a passphrase, and what hands out keys: only where policies say so.</summary>
[Trait("Category", "Unit")]
public sealed class TrustedAccessTests
{
    private static readonly MyProxyClient Portal = new("/O=Grid/CN=portal.example.org", false, "192.0.2.9");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Renewer_IsChallenged_AndGetsTheCredentialForTheRightName()
    {
        await using var portal = await StartAsync(("MyProxy:Policies:AuthorizedRenewers:0", "/O=Grid/*"));
        var ada = await PutPassphraselessAsync(portal, new CredentialPolicies(null, null, null, "*/CN=portal.example.org"));
        var service = portal.Get<LogonService>();

        var proof = Assert.IsType<LogonDecision.Challenge>(await service.DecideAsync(Clients.Get("ada", ""), Portal, Ct)).Proof;

        Assert.Equal(32, proof.Text.Length);
        using var open = await service.AnswerAsync(proof, Clients.Of(ada).Subject!, Ct);
        await Assert.ThrowsAsync<ServiceException>(() => service.AnswerAsync(proof, "/O=Grid/CN=Eve", Ct));
    }

    [Fact]
    public async Task TrustedRetriever_GetsTheCredentialAtOnce()
    {
        await using var portal = await StartAsync(("MyProxy:Policies:TrustedRetrievers:0", "/O=Grid/*"), ("MyProxy:Policies:DefaultTrustedRetrievers:0", "*"));
        await PutPassphraselessAsync(portal, CredentialPolicies.None);
        await Clients.LogOnAsync(portal, Clients.Get("ada", ""), Portal);
    }

    [Theory]
    [InlineData(null, null, null)] // Nobody is trusted unless it is said.
    [InlineData("/O=Grid/*", "/O=Other/*", null)]
    [InlineData("/O=Other/*", null, "*")]
    [InlineData("/O=Grid/*", null, "/O=Other/*")]
    public async Task Client_IsRefused_WhenAListDoesNotFit(string? server, string? otherwise, string? credential)
    {
        await using var portal = await StartAsync([.. new[] { ("TrustedRetrievers", server), ("DefaultTrustedRetrievers", otherwise) }.Where(pair => pair.Item2 is not null).Select(pair => ($"MyProxy:Policies:{pair.Item1}:0", pair.Item2!))]);
        await PutPassphraselessAsync(portal, CredentialPolicies.None with { TrustedRetrievers = credential });
        Assert.Equal("no passphrase\nauthentication failed", (await Clients.RefusalAsync(portal, Clients.Get("ada", ""), Portal)).Message);
    }

    [Fact]
    public async Task AnonymousClient_IsNeverTrusted()
    {
        await using var portal = await StartAsync(("MyProxy:Policies:TrustedRetrievers:0", "*"), ("MyProxy:Policies:DefaultTrustedRetrievers:0", "*"), ("MyProxy:Policies:AuthorizedRenewers:0", "*"), ("MyProxy:Policies:DefaultRenewers:0", "*"));
        await PutPassphraselessAsync(portal, CredentialPolicies.None);
        Assert.Equal("no passphrase\nauthentication failed", (await Clients.RefusalAsync(portal, Clients.Get("ada", ""))).Message);
    }

    [Fact]
    public async Task NameInTheCredential_IsNoTrustedRetriever_UnlessAllowed()
    {
        (string, string)[] trusting = [("MyProxy:Policies:TrustedRetrievers:0", "*"), ("MyProxy:Policies:DefaultTrustedRetrievers:0", "*")];
        await using var strict = await StartAsync(trusting);
        var ada = await PutPassphraselessAsync(strict, CredentialPolicies.None);
        await Clients.RefusalAsync(strict, Clients.Get("ada", ""), Clients.Of(ada));

        await using var lenient = await StartAsync([.. trusting, ("MyProxy:Policies:AllowSelfAuthorization", "true")]);
        ada = await PutPassphraselessAsync(lenient, CredentialPolicies.None);
        await Clients.LogOnAsync(lenient, Clients.Get("ada", ""), Clients.Of(ada));
    }

    [Fact]
    public async Task CredentialWithoutPassphrase_DoesNotOpenForAny()
    {
        await using var portal = await StartAsync();
        await PutPassphraselessAsync(portal, CredentialPolicies.None);
        Assert.Equal("Bad password\ninvalid credential passphrase", (await Clients.RefusalAsync(portal, Clients.Get("ada", "whatever it is"))).Message);
    }

    [Fact]
    public async Task Retrieve_IsDenied_UnlessSaid()
    {
        await using var portal = await Clients.StartAsync();
        var ada = await Clients.AddStoredAsync(portal);
        var refusal = await Assert.ThrowsAsync<ServiceException>(() => portal.Get<RetrievalService>().RetrieveAsync(Clients.Get(ada.Actor.Name), Clients.Of(ada), Ct));
        Assert.Equal($"\"{Clients.Of(ada).Subject}\" not authorized by server's authorized_key_retrievers policy", refusal.Message);
    }

    [Fact]
    public async Task Retrieve_HandsOutTheEncryptedKey_WhereListsFit()
    {
        await using var portal = await Clients.StartAsync(("MyProxy:Policies:AuthorizedKeyRetrievers:0", "*"), ("MyProxy:Policies:DefaultKeyRetrievers:0", "*"));
        var ada = await Clients.AddStoredAsync(portal);

        var pem = Encoding.ASCII.GetString(await portal.Get<RetrievalService>().RetrieveAsync(Clients.Get(ada.Actor.Name), Clients.Of(ada), Ct));

        Assert.Matches("^-----BEGIN CERTIFICATE-----(?s:.*)-----BEGIN ENCRYPTED PRIVATE KEY-----(?s:.*)-----BEGIN CERTIFICATE-----(?s:.*)-----END CERTIFICATE-----\n$", pem);
        await Assert.ThrowsAsync<ServiceException>(() => portal.Get<RetrievalService>().RetrieveAsync(Clients.Get(ada.Actor.Name), Clients.Of(ada) with { IsLimited = true }, Ct));
    }

    [Fact]
    public async Task Logon_IsRefused_WhereTheCredentialsPolicyDoesNotFit()
    {
        await using var portal = await Clients.StartAsync();
        var ada = await CertifiedPerson.AddAsync(portal);
        using var key = Clients.OpenKey();
        await Clients.PutAsync(portal, ada, Clients.Put("ada") with { Policies = CredentialPolicies.None with { Retrievers = "*/CN=portal.example.org" } }, key);

        Assert.Equal("\"/O=Grid/CN=Eve\" not authorized by credential's authorized_retrievers policy", (await Clients.RefusalAsync(portal, Clients.Get("ada"), new MyProxyClient("/O=Grid/CN=Eve", false, null))).Message);
        Assert.Equal("Bad password\ninvalid credential passphrase", (await Clients.RefusalAsync(portal, Clients.Get("ada"))).Message); // Nobody in particular learns nothing.
        await Clients.LogOnAsync(portal, Clients.Get("ada"), Portal);
    }

    private static Task<TestPortal> StartAsync(params (string, string)[] settings) => Clients.StartAsync([.. settings, ("MyProxy:AllowPassphraseless", "true")]);

    private static async Task<CertifiedPerson> PutPassphraselessAsync(TestPortal portal, CredentialPolicies policies)
    {
        var ada = await CertifiedPerson.AddAsync(portal);
        using var key = Clients.OpenKey();
        await Clients.PutAsync(portal, ada, Clients.Put("ada", "") with { Policies = policies }, key);
        return ada;
    }
}
