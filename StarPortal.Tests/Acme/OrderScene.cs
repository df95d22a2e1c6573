using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StarPortal.Core.Acme;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Acme;

/// <summary>A portal with ACME accounts whose orders are placed at the services, and a world outside that answers as the test says.</summary>
internal sealed class OrderScene : IAsyncDisposable
{
    private OrderScene(TestPortal portal, FakeWorld world) => (Portal, World) = (portal, world);

    public TestPortal Portal { get; }

    public FakeWorld World { get; }

    public DateTimeOffset Now => Portal.Clock.Now;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <param name="waived">A namespace whose names need no challenge; null: none.</param>
    public static async Task<OrderScene> StartAsync(string? waived = "lab.example.org", DatabaseProvider? provider = null, params (string Name, string Value)[] settings)
    {
        var world = new FakeWorld();
        var all = settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value, StringComparer.Ordinal);
        if (waived is not null) (all["Acme:Namespaces:0:Suffix"], all["Acme:Namespaces:0:Challenge"]) = (waived, "waived");
        var portal = await TestPortal.StartAsync(all, provider, services =>
        {
            services.RemoveAll<IChallengeValidator>().RemoveAll<ICaaChecker>();
            foreach (var type in Enum.GetValues<ChallengeType>()) services.AddSingleton<IChallengeValidator>(new FakeValidator(type, world));
            services.AddSingleton<ICaaChecker>(world);
        });
        return new OrderScene(portal, world);
    }

    /// <summary>A valid account with a key of its own.</summary>
    public async Task<AcmeCaller> AddAccountAsync(Guid? owner = null, string address = "192.0.2.1")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var jwk = AcmeJwk.OfEc("P-256", point.X!, point.Y!);
        var account = AcmeAccount.Create(AcmeLinks.MainPath, jwk, [], null, Now);
        account.ChangeOwner(owner);
        await using var db = Portal.NewDb();
        db.AcmeAccounts.Add(account);
        await db.SaveChangesAsync(Ct);
        return new AcmeCaller(account, null, Actor.Anonymous(address) with { Name = $"acme:{account.Id:N}" }, Portal.Get<AcmeLinks>().Account(account.Id), jwk.KeyHash);
    }

    public Task<OrderView> OrderAsync(AcmeCaller caller, params string[] names) => OrderAsync(caller, New(names));

    public Task<OrderView> OrderAsync(AcmeCaller caller, NewOrder asked) => Portal.Get<OrderService>().SubmitAsync(caller, asked, Ct);

    public async Task<OrderView> ReadAsync(AcmeCaller caller, OrderView view) => await Portal.Get<OrderService>().GetAsync(caller.Account, view.Order.Id, Ct);

    public Task<OrderView> FinalizeAsync(AcmeCaller caller, OrderView view, byte[] csr) => Portal.Get<OrderFinalizer>().FinalizeAsync(caller, view.Order.Id, csr, Ct);

    public Task<OrderView> FinalizeAsync(AcmeCaller caller, OrderView view) => FinalizeAsync(caller, view, Csr([.. view.Order.Identifiers.Select(identifier => identifier.Value)]));

    public Task<AcmeAuthorization> RespondAsync(AcmeCaller caller, AcmeAuthorization authorization, ChallengeType type = ChallengeType.Http01) =>
        Portal.Get<ChallengeService>().RespondAsync(caller, authorization.Id, type, Ct);

    /// <summary>What the worker would do now.</summary>
    public Task<int> ValidateAsync() => Portal.Get<ValidationWorker>().AttemptDueAsync(Ct);

    /// <summary>An order whose authorizations were all validated by http-01.</summary>
    public async Task<OrderView> ReadyAsync(AcmeCaller caller, params string[] names)
    {
        var view = await OrderAsync(caller, names);
        foreach (var authorization in view.Authorizations.Where(authorization => authorization.Status is AcmeAuthorizationStatus.Pending))
            await RespondAsync(caller, authorization, authorization.IsWildcard ? ChallengeType.Dns01 : ChallengeType.Http01);
        await ValidateAsync();
        return await ReadAsync(caller, view);
    }

    public static NewOrder New(params string[] names) => new()
    {
        Identifiers = [.. names.Select(name => System.Net.IPAddress.TryParse(name, out _) ? AcmeIdentifier.Ip(name) : AcmeIdentifier.Dns(name))],
    };

    public static byte[] Csr(params string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Csr(key, "", names);
    }

    public static byte[] Csr(TestKey key, params string[] names) => key.Key is RSA rsa
        ? Csr(new CertificateRequest("", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), names)
        : Csr((ECDsa)key.Key, "", names);

    public static byte[] Csr(ECDsa key, string subject, params string[] names) => Csr(new CertificateRequest(subject, key, HashAlgorithmName.SHA256), names);

    private static byte[] Csr(CertificateRequest request, string[] names)
    {
        var builder = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (System.Net.IPAddress.TryParse(name, out var address)) builder.AddIpAddress(address);
            else if (name.Contains('@', StringComparison.Ordinal)) builder.AddEmailAddress(name);
            else builder.AddDnsName(name);
        }

        if (names.Length > 0) request.CertificateExtensions.Add(builder.Build());
        return request.CreateSigningRequest();
    }

    public static async Task<AcmeException> RefusedAsync(AcmeProblemType type, Func<Task> act)
    {
        var error = await Assert.ThrowsAsync<AcmeException>(act);
        Assert.Equal(type, error.Type);
        return error;
    }

    public ValueTask DisposeAsync() => Portal.DisposeAsync();
}

/// <summary>What validators see: well, unless an answer was queued.</summary>
internal sealed class FakeWorld : ICaaChecker
{
    private int caaUnderWay;

    public List<ValidationTask> Asked { get; } = [];

    /// <summary>Ends when a validator has been asked for the first time.</summary>
    public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>No validator answers before it ends.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public Queue<ValidationOutcome> Answers { get; } = new();

    public List<(string Name, bool IsWildcard, string Account, string Method)> CaaAsked { get; } = [];

    /// <summary>Names whose owner lets nobody issue.</summary>
    public HashSet<string> CaaForbids { get; } = new(StringComparer.Ordinal);

    /// <summary>No name server answers a question for CAA before it ends.</summary>
    public Task CaaGate { get; set; } = Task.CompletedTask;

    /// <summary>Ends when a second question waits for its answer.</summary>
    public TaskCompletionSource CaaReached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Questions for CAA that waited for their answers at the same time.</summary>
    public int MostCaaAtOnce { get; private set; }

    /// <summary>Names whose validation waits for <see cref="Gate"/>; empty: all.</summary>
    public HashSet<string> Tarpits { get; } = new(StringComparer.Ordinal);

    /// <summary>Ends when a validator has been asked for a name that is no tarpit.</summary>
    public TaskCompletionSource ReachedOther { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task<ValidationOutcome> CheckAsync(AcmeIdentifier identifier, bool isWildcard, string accountUrl, string validationMethod, CancellationToken ct)
    {
        lock (CaaAsked)
        {
            CaaAsked.Add((identifier.Value, isWildcard, accountUrl, validationMethod));
            if (caaUnderWay == 1) CaaReached.TrySetResult();
            MostCaaAtOnce = Math.Max(MostCaaAtOnce, ++caaUnderWay);
        }

        await CaaGate.WaitAsync(ct);
        lock (CaaAsked) caaUnderWay--;
        return CaaForbids.Contains(identifier.Value) ? ValidationOutcome.Invalid(AcmeProblemType.Caa, $"{identifier.Value} has CAA records that name others.") : ValidationOutcome.Valid("");
    }
}

internal sealed class FakeValidator(ChallengeType type, FakeWorld world) : IChallengeValidator
{
    public ChallengeType Type => type;

    public async Task<ValidationOutcome> ValidateAsync(ValidationTask task, CancellationToken ct)
    {
        lock (world.Asked) world.Asked.Add(task);
        world.Reached.TrySetResult();
        var isTarpit = world.Tarpits.Count == 0 || world.Tarpits.Contains(task.Identifier.Value);
        if (!isTarpit) world.ReachedOther.TrySetResult();
        if (isTarpit) await world.Gate.WaitAsync(ct);
        return world.Answers.TryDequeue(out var answer) ? answer : ValidationOutcome.Valid("It is there.", "192.0.2.80:80");
    }
}
