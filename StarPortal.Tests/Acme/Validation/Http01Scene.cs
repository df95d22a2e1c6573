using System.Net;
using System.Net.Sockets;
using StarPortal.Core.Acme;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Acme;

/// <summary>http-01 against servers on loopback that a test scripts.</summary>
internal sealed class Http01Scene : IAsyncDisposable
{
    private readonly List<ScriptedServer> servers = [];

    public static string Right => ValidationBench.Task().KeyAuthorization;

    public static string FirstPath => $"/.well-known/acme-challenge/{ValidationBench.Task().Token}";

    public ValidationBench Bench { get; } = new ValidationBench().WithHost();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <param name="answer">From the head of the request to the whole answer.</param>
    /// <param name="address">Where it listens; null: the address that is permitted.</param>
    public ScriptedServer Serve(Func<string, string> answer, IPAddress? address = null)
    {
        var server = ScriptedServer.Http(address ?? ValidationBench.Permitted, answer);
        servers.Add(server);
        Bench.Acme.Http01Port = server.Port;
        return server;
    }

    public ScriptedServer Play(Func<NetworkStream, CancellationToken, Task> play)
    {
        var server = ScriptedServer.Start(ValidationBench.Permitted, play);
        servers.Add(server);
        Bench.Acme.Http01Port = server.Port;
        return server;
    }

    public Task<ValidationOutcome> ValidateAsync(string identifier = ValidationBench.Host) => Bench.Http01.ValidateAsync(ValidationBench.Task(identifier), Ct);

    public async Task<ValidationOutcome> InvalidAsync(AcmeProblemType problem, string reason, string identifier = ValidationBench.Host)
    {
        var outcome = await ValidateAsync(identifier);
        Assert.False(outcome.IsValid);
        Assert.Contains(reason, outcome.Detail, StringComparison.Ordinal);
        Assert.Equal(problem, outcome.Problem);
        return outcome;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in servers) await server.DisposeAsync();
        await Bench.DisposeAsync();
    }
}
