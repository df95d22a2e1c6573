using StarPortal.Core.Acme;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Acme;

/// <summary>What owners may do for themselves, and that they see and touch nothing of others.</summary>
[Trait("Category", "Unit")]
public sealed class OwnerTests : IAsyncLifetime
{
    private readonly TestDnsServer dns = TestDnsServer.Start();

    private TestPortal portal = null!;
    private Actor owner = null!;
    private Actor stranger = null!;
    private Actor administrator = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        portal = await TestPortal.StartAsync(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Acme:DnsServers"] = dns.Address });
        owner = await portal.AddPersonAsync(PortalRole.Owner, organisation: null);
        stranger = await portal.AddPersonAsync(PortalRole.Owner, organisation: null);
        administrator = await portal.AddAdministratorAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await portal.DisposeAsync();
        await dns.DisposeAsync();
    }

    [Theory]
    [InlineData("example.org")]
    [InlineData("*.example.org")]
    [InlineData("www.example.org")]
    [InlineData("*.a.b.example.org")]
    public async Task Owner_MakesACredential_InsideAnApprovedNamespace(string identifier)
    {
        await GrantAsync("example.org", owner);
        var issued = await CreateAsync(owner, identifier);
        Assert.Equal((owner.Id!.Value, false), (issued.Credential.OwnerId, issued.Credential.WaivesChallenges));
        Assert.Equal([identifier], issued.Credential.AllowedIdentifiers);
    }

    [Theory]
    [InlineData("example.net")]
    [InlineData("notexample.org")]
    [InlineData("*.org")]
    [InlineData("192.0.2.1")]
    [InlineData("")]
    public async Task Owner_IsRefusedACredential_OutsideOfTheirNamespaces(string identifier)
    {
        await GrantAsync("example.org", owner);
        await GrantAsync("example.net", stranger);
        var refusal = await Assert.ThrowsAsync<ServiceException>(() => CreateAsync(owner, identifier));
        Assert.Equal((ErrorKind.Invalid, "AllowedIdentifiers"), (refusal.Kind, refusal.Field));
    }

    [Fact]
    public async Task Owner_IsRefusedACredential_OnceTheNamespaceHasEnded()
    {
        var granted = await GrantAsync("example.org", owner);
        await portal.Get<NamespaceService>().WithdrawAsync(granted.Id, "over", administrator, Ct);
        await Assert.ThrowsAsync<ServiceException>(() => CreateAsync(owner, "www.example.org"));
    }

    [Fact]
    public async Task SomebodyWithoutTheRole_MakesNoCredential()
    {
        var subscriber = await portal.AddPersonAsync(PortalRole.Subscriber, organisation: null);
        await GrantAsync("example.org", subscriber);
        var refusal = await Assert.ThrowsAsync<ServiceException>(() => CreateAsync(subscriber, "www.example.org"));
        Assert.Equal(ErrorKind.Forbidden, refusal.Kind);
    }

    [Fact]
    public async Task Credential_IsUnknownToOthers_AndRevokedByItsOwner()
    {
        await GrantAsync("example.org", owner);
        var issued = await CreateAsync(owner, "www.example.org");
        var (search, service) = (portal.Get<ExternalAccountKeySearch>(), portal.Get<ExternalAccountKeyService>());
        Assert.Equal(0, (await search.FindAsync(new(), stranger, Ct)).Total);
        var refusal = await Assert.ThrowsAsync<ServiceException>(() => service.RevokeAsync(issued.Credential.Id, stranger, Ct));
        Assert.Equal(ErrorKind.NotFound, refusal.Kind);
        await service.RevokeAsync(issued.Credential.Id, owner, Ct);
        Assert.NotNull(Assert.Single((await search.FindAsync(new(IsOwn: true), owner, Ct)).Rows).Key.RevokedAt);
    }

    [Fact]
    public async Task Claim_IsProvenByItsTextRecord_AndKeepsItsChallenges()
    {
        var claim = await AskAsync(NamespaceChallenge.Waived);
        dns.Text(claim.ProofName, "something else");
        var refusal = await Assert.ThrowsAsync<ServiceException>(() => portal.Get<NamespaceProof>().ProveAsync(claim.Id, owner, Ct));
        Assert.Contains(claim.ProofText, refusal.Message, StringComparison.Ordinal);
        dns.Text(claim.ProofName, claim.ProofText);

        await portal.Get<NamespaceProof>().ProveAsync(claim.Id, owner, Ct);
        var shown = (await portal.Get<NamespaceSearch>().GetAsync(claim.Id, owner, Ct)).Claim;
        Assert.Equal((AcmeNamespaceState.Approved, NamespaceChallenge.Required), (shown.State, shown.Challenge));
    }

    [Fact]
    public async Task Claim_IsNotProven_WithoutARecord_NorTwice_NorByAnother()
    {
        var claim = await AskAsync(NamespaceChallenge.Required);
        var proof = portal.Get<NamespaceProof>();
        Assert.Equal(ErrorKind.Invalid, (await Assert.ThrowsAsync<ServiceException>(() => proof.ProveAsync(claim.Id, owner, Ct))).Kind);
        dns.Text(claim.ProofName, claim.ProofText);
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<ServiceException>(() => proof.ProveAsync(claim.Id, stranger, Ct))).Kind);
        await proof.ProveAsync(claim.Id, owner, Ct);
        Assert.Equal(ErrorKind.Conflict, (await Assert.ThrowsAsync<ServiceException>(() => proof.ProveAsync(claim.Id, owner, Ct))).Kind);
    }

    [Fact]
    public async Task Claim_IsSeenByItsOwnerAndTheOfficersOfTheOrganisation_Only()
    {
        var (own, other) = (await portal.AddOrganisationAsync("Own"), await portal.AddOrganisationAsync("Other"));
        var (person, officer, elsewhere) = (await portal.AddPersonAsync(PortalRole.Owner, own), await portal.AddOfficerAsync(own), await portal.AddOfficerAsync(other));
        var claim = await portal.Get<NamespaceService>().AskAsync("example.org", NamespaceChallenge.Required, null, "", person, Ct);
        var search = portal.Get<NamespaceSearch>();

        Assert.Equal("Own", (await search.GetAsync(claim.Id, officer, Ct)).Organisation);
        Assert.Equal((1, 0, 0), (await search.CountWaitingAsync(officer, Ct), await search.CountWaitingAsync(elsewhere, Ct), await search.CountWaitingAsync(person, Ct)));
        foreach (var somebody in new[] { elsewhere, stranger })
            Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<ServiceException>(() => search.GetAsync(claim.Id, somebody, Ct))).Kind);
    }

    private Task<AcmeNamespace> AskAsync(NamespaceChallenge challenge) =>
        portal.Get<NamespaceService>().AskAsync("example.org", challenge, null, "our servers", owner, Ct);

    private Task<AcmeNamespace> GrantAsync(string suffix, Actor to) =>
        portal.Get<NamespaceService>().GrantAsync(suffix, NamespaceChallenge.Required, to.Id, null, administrator, Ct);

    private Task<IssuedExternalAccountKey> CreateAsync(Actor actor, string identifier) => portal.Get<ExternalAccountKeyService>().CreateOwnAsync(
        new NewExternalAccountKey("web", Guid.NewGuid()) { AllowedIdentifiers = identifier.Length == 0 ? [] : [identifier], WaivesChallenges = true }, actor, Ct);
}
