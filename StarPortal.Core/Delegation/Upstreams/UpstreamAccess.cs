using StarPortal.Core.Audit;

namespace StarPortal.Core.Delegation;

/// <summary>One configured CA: the connection to it, the portal's account there, and the ways to meet its challenges.</summary>
public sealed class UpstreamAccess(string name, UpstreamOptions options, UpstreamConnection connection, UpstreamKeys keys, IReadOnlyList<IChallengeSolver> solvers) : IDisposable
{
    private readonly SemaphoreSlim gate = new(1);
    private AcmeClient? client;

    public string Name => name;

    public UpstreamOptions Options => options;

    public IReadOnlyList<IChallengeSolver> Solvers => solvers;

    /// <summary>The client as it is in use now; null: none has been opened.</summary>
    public AcmeClient? Opened => client;

    /// <summary>Opens the account when there is none yet.</summary>
    /// <exception cref="UpstreamException">The CA refused or was not reached.</exception>
    public async Task<AcmeClient> GetClientAsync(CancellationToken ct)
    {
        if (client is { } known) return known;
        await gate.WaitAsync(ct);
        try
        {
            return client ??= await OpenAsync(ct);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Account key roll-over (RFC 8555 7.3.5): the new key is kept before the CA is asked, so that whenever this process dies one of the two is right.</summary>
    /// <exception cref="UpstreamException">The CA refused or was not reached; the old key goes on unless the CA has the new one.</exception>
    public async Task ChangeKeyAsync(CancellationToken ct)
    {
        var opened = await GetClientAsync(ct);
        await gate.WaitAsync(ct);
        try
        {
            using var next = UpstreamKey.Make();
            var registration = await keys.ChangeAsync(name, known => known.BeginKeyChange(keys.Seal(name, next)), null, ct);
            await new UpstreamAccounts(connection).ChangeKeyAsync(opened.Key, new Uri(registration.AccountUrl!), next, ct);
            await keys.EndKeyChangeAsync(name, isDone: true, ct);
        }
        finally
        {
            client = null; // Whatever came of it, the next use finds out.
            gate.Release();
        }
    }

    /// <summary>After a refusal: the account's key may have been changed since, here or by another node, and then the next client has the new one.</summary>
    /// <param name="used">Null: one that was opened just now.</param>
    /// <returns>Whether it was outdated.</returns>
    public async Task<bool> ForgetOutdatedAsync(AcmeClient? used, CancellationToken ct)
    {
        var current = client;
        if (used is not null && !ReferenceEquals(used, current)) return true;
        if (current is null) return false;
        var (registration, key) = await keys.GetAsync(name, options.Directory, ct);
        using (key)
        {
            if (registration.NextSealedKey is null && key.PublicKey.KeyHash == current.Key.PublicKey.KeyHash) return false;
        }

        Interlocked.CompareExchange(ref client, null, current);
        return true;
    }

    public void Dispose()
    {
        gate.Dispose();
        connection.Dispose();
    }

    private async Task<AcmeClient> OpenAsync(CancellationToken ct)
    {
        var (registration, key) = await keys.GetAsync(name, options.Directory, ct);
        if (registration.NextSealedKey is { } pending) return await EndKeyChangeAsync(registration, key, keys.Open(name, pending), ct);
        if (registration.AccountUrl is { } url) return new AcmeClient(connection, key, new Uri(url));
        var binding = options is { ExternalAccountKeyId: { } id, ExternalAccountMacKey: { } mac } ? UpstreamBinding.TryParse(id, mac) : null;
        var account = await new UpstreamAccounts(connection).RegisterAsync(key, options.Contact is { } contact ? [$"mailto:{contact}"] : [], binding, ct);
        await keys.ChangeAsync(name, known => known.Open(account.Url.OriginalString), AuditAction.UpstreamAccountOpened, ct);
        return new AcmeClient(connection, key, account.Url);
    }

    /// <summary>A roll-over that nobody saw the end of: the CA says which key the account has.</summary>
    private async Task<AcmeClient> EndKeyChangeAsync(UpstreamRegistration registration, UpstreamKey key, UpstreamKey next, CancellationToken ct)
    {
        var isDone = await new UpstreamAccounts(connection).FindAsync(next, ct) is not null;
        await keys.EndKeyChangeAsync(name, isDone, ct);
        return new AcmeClient(connection, isDone ? next : key, new Uri(registration.AccountUrl!));
    }
}
