using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Acme;
using StarPortal.Core.Data;
using StarPortal.Core.Delegation;
using StarPortal.Core.Shared;
using StarPortal.Tests.Delegation;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Verbs;

/// <summary><c>starportal delegation</c>, as whoever runs the portal uses it beside the portal's data.</summary>
[Trait("Category", "Interop")]
public sealed class DelegationVerbTests(Pebble pebble) : IClassFixture<Pebble>, IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private TestPortal portal = null!;
    private Actor owner = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        portal = await TestPortal.StartAsync(provider: DatabaseProvider.Sqlite);
        owner = await portal.AddPersonAsync(PortalRole.Owner, organisation: null, "ada");
    }

    public async ValueTask DisposeAsync()
    {
        await portal.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Create_PrintsTheCredentialOfANewConsumer_Once()
    {
        string[] arguments = ["create", "--owner", "ADA", "--consumer", "Edge One", "--names", DelegationScene.Name, "--approve-names", "--lifetime", "30", "--validity", "12"];
        var (code, output, error) = await RunAsync(arguments);
        Assert.True(code == 0, error);
        Assert.Matches("^[0-9a-f]{32}:[A-Za-z0-9_-]{43}\n$", output);
        var known = await portal.Get<ConsumerAuthentication>().ByTokenAsync(output[..32], output[33..].Trim(), null, Ct);
        Assert.Equal(("Edge One", owner.Id), (known.Name, known.OwnerId));
        var again = await RunAsync(arguments);
        Assert.Equal((0, ""), (again.Code, again.Output));
        await using var db = portal.NewDb();
        Assert.Equal([(known.Id, 30, 12), (known.Id, 30, 12)], (await db.NameDelegations.ToListAsync(Ct)).Select(delegation => (delegation.ConsumerId!.Value, delegation.MaxLifetime, delegation.MaxValidity)));
        await AuditLog.RequireIntactAsync(db);
    }

    /// <summary>Nothing is left behind: a consumer whose credential nobody saw would be in the way of the next attempt.</summary>
    [Theory]
    [InlineData("--owner nobody", "no person")]
    [InlineData("--owner officer", "role")]
    [InlineData("--owner ada", "claim it first")]
    [InlineData("--owner ada --approve-names --upstream elsewhere", "no such certificate authority")]
    [InlineData("--owner ada --approve-names --lifetime 0", "From 1 to")]
    [InlineData("--owner ada --approve-names --validity 100000", "From 1 to")]
    [InlineData("--owner ada --approve-names --names not_a_name", "")]
    public async Task Create_IsRefusedInOneLine_AndLeavesNoConsumer(string arguments, string words)
    {
        await portal.AddPersonAsync(PortalRole.Subscriber, organisation: null, "officer");
        string[] names = arguments.Contains("--names", StringComparison.Ordinal) ? [] : ["--names", DelegationScene.Name];
        var (code, output, error) = await RunAsync(["create", "--consumer", "Edge One", .. names, .. arguments.Split(' ')]);
        Assert.Equal((1, ""), (code, output));
        Assert.Matches("^starportal: [^\n]+\n$", error);
        Assert.Contains(words, error, StringComparison.Ordinal);
        await using var db = portal.NewDb();
        Assert.Equal((0, 0), (await db.DelegationConsumers.CountAsync(Ct), await db.NameDelegations.CountAsync(Ct)));
    }

    /// <summary>A token for registrations, an external account key for RFC 9115: each as a line to be put into a file.</summary>
    [Fact]
    public async Task Credential_IsAddedToAConsumer_ByName()
    {
        var consumer = await portal.Get<ConsumerService>().CreateAsync("Edge One", owner, Ct);
        var (code, token, error) = await RunAsync("credential", "--owner", "ada", "--consumer", "Edge One");
        Assert.True(code == 0, error);
        Assert.Equal(consumer.Id, (await portal.Get<ConsumerAuthentication>().ByTokenAsync($"{consumer.Id:N}", token[33..].Trim(), null, Ct)).Id);
        var (_, pair, _) = await RunAsync("credential", "--owner", "ada", "--consumer", "Edge One", "--acme");
        Assert.Matches("^[A-Za-z0-9_-]+:[A-Za-z0-9_-]{43,}\n$", pair);
        var keyId = pair.Split(':')[0];
        await using var db = portal.NewDb();
        Assert.Equal(DelegationDirectory.Path, (await db.ExternalAccountKeys.SingleAsync(key => key.KeyId == keyId, Ct)).Directory);
        var (refused, output, _) = await RunAsync("credential", "--owner", "ada", "--consumer", "Edge Two");
        Assert.Equal((1, ""), (refused, output));
    }

    [Theory]
    [InlineData("create --owner ada --names a.example.org")]
    [InlineData("credential --owner ada")]
    [InlineData("create --owner ada --consumer One --names a.example.org --lifetime soon")]
    [InlineData("create --owner ada --consumer One --names a.example.org --template /no/such/file")]
    [InlineData("cancel")]
    [InlineData("cancel https://portal.example/star/registration/x")]
    [InlineData("cancel --owner ada")]
    [InlineData("change-key")]
    [InlineData("change-key --Delegation:Upstreams:down:Directory=https://localhost:9/dir")]
    public async Task WrongUse_IsExitCode2_AndOneLine(string arguments)
    {
        var (code, output, error) = await RunAsync(arguments.Split(' '));
        Assert.Equal((2, ""), (code, output));
        Assert.Matches("^starportal: [^\n]+\n$", error);
    }

    [Fact]
    public async Task Cancel_StopsARegistration_OnceAndForItsOwnerOnly()
    {
        var order = await RegisterAsync();
        await portal.AddPersonAsync(PortalRole.Owner, organisation: null, "bob");
        var url = $"https://portal.example/star/registration/{order.Id:N}";
        Assert.Equal(1, (await RunAsync("cancel", url, "--owner", "bob")).Code);
        Assert.Equal(1, (await RunAsync("cancel", $"{Guid.NewGuid():N}", "--owner", "ada")).Code);
        Assert.Equal(1, (await RunAsync("cancel", "https://portal.example/", "--owner", "ada")).Code);
        Assert.Equal(DelegatedOrderStatus.Processing, await StatusAsync());

        var (code, output, _) = await RunAsync("cancel", url, "--owner", "ada");
        Assert.Equal((0, "Canceled. No certificate was issued.\n", DelegatedOrderStatus.Canceled), (code, output, await StatusAsync()));
        Assert.Equal(1, (await RunAsync("cancel", url, "--owner", "ada")).Code);
    }

    /// <summary>RFC 8555 7.3.5, at a CA of another make; the first call opens the account.</summary>
    [Fact]
    public async Task ChangeKey_GivesTheAccountAtAnotherCaANewKey()
    {
        await File.WriteAllTextAsync(folder["pebble.pem"], pebble.Server.RootsPem, Ct);
        string[] upstream = [$"--Delegation:Upstreams:pebble:Directory={pebble.Server.Directory}", $"--Delegation:Upstreams:pebble:RootsFile={folder["pebble.pem"]}"];
        List<UpstreamRegistration> seen = [];
        for (var run = 0; run < 2; run++)
        {
            var (code, output, error) = await RunAsync(["change-key", "pebble", .. upstream]);
            Assert.True((code, output) == (0, "The account at pebble has a new key.\n"), error);
            await using var db = portal.NewDb();
            seen.Add(await db.Set<UpstreamRegistration>().AsNoTracking().SingleAsync(Ct));
        }

        Assert.Equal(seen[0].AccountUrl, seen[1].AccountUrl);
        Assert.NotEqual(seen[0].SealedKey, seen[1].SealedKey);
        Assert.All(seen, registration => Assert.Null(registration.NextSealedKey));
    }

    [Theory]
    [InlineData("nobody", "is configured")]
    [InlineData("local", "is configured")]
    [InlineData("down", "reached")]
    public async Task ChangeKey_IsRefusedInOneLine(string name, string words)
    {
        var (code, output, error) = await RunAsync("change-key", name, "--Delegation:Upstreams:down:Directory=https://localhost:9/dir");
        Assert.Equal((1, ""), (code, output));
        Assert.Contains(words, error, StringComparison.Ordinal);
    }

    private async Task<DelegatedOrder> RegisterAsync()
    {
        await portal.Get<NamespaceService>().GrantAsync("example.org", NamespaceChallenge.Waived, owner.Id, null, Actor.System("test"), Ct);
        var consumer = await portal.Get<ConsumerService>().CreateAsync("Edge One", owner, Ct);
        await portal.Get<DelegationService>().CreateAsync(DelegationScene.Terms(), consumer.Id, owner, Ct);
        var known = new KnownConsumer(consumer.Id, owner.Id!.Value, consumer.Name, null);
        return await portal.Get<RegistrationService>().RegisterAsync(new AskedRegistration(DelegationScene.Csr(), 30, 24), known, null, known.Actor, Ct);
    }

    private async Task<DelegatedOrderStatus> StatusAsync()
    {
        await using var db = portal.NewDb();
        return await db.DelegatedOrders.Select(order => order.Status).SingleAsync(Ct);
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Repository.WebProgram, "delegation", .. arguments, $"--Portal:DataDirectory={portal.DataDirectory}"])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder.FullPath,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Ct);
        var error = process.StandardError.ReadToEndAsync(Ct);
        await process.WaitForExitAsync(Ct);
        return (process.ExitCode, await output, await error);
    }
}
