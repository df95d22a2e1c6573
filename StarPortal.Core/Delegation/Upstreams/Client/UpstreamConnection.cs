namespace StarPortal.Core.Delegation;

/// <summary>
/// What all accounts at one upstream share: its directory, connections and nonces. One for each upstream and each change of its configuration; safe for
/// several threads.
/// </summary>
public sealed class UpstreamConnection : IDisposable
{
    private static readonly TimeSpan DirectoryFreshness = TimeSpan.FromHours(1);

    private readonly UpstreamServer server;
    private readonly UpstreamHttp http;
    private readonly UpstreamNonces nonces = new();
    private readonly TimeProvider clock;

    private KnownDirectory? known;

    /// <exception cref="UpstreamException">Nonsense: the directory's URL is not one that is asked.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The roots are not PEM.</exception>
    public UpstreamConnection(UpstreamServer server, UpstreamDialer dialer, TimeProvider clock)
    {
        (this.server, this.clock) = (server, clock);
        Urls = new UpstreamUrls(server);
        Urls.Require(server.Directory, "the directory");
        http = new UpstreamHttp(server, Urls, dialer, clock);
    }

    public UpstreamLimits Limits => server.Limits;

    internal UpstreamUrls Urls { get; }

    public void Dispose() => http.Dispose();

    /// <summary>Kept for an hour: CAs change terms and profiles.</summary>
    /// <exception cref="UpstreamException">No directory.</exception>
    public async Task<UpstreamDirectory> GetDirectoryAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (known is { } kept && now - kept.ReadAt < DirectoryFreshness) return kept.Directory;
        var directory = UpstreamDirectory.Of(await GetAsync(server.Directory, ct), Urls);
        known = new KnownDirectory(directory, now);
        return directory;
    }

    /// <exception cref="UpstreamException">No answer, or a refusal.</exception>
    internal async Task<UpstreamAnswer> GetAsync(Uri url, CancellationToken ct)
    {
        var answer = await http.GetAsync(url, ct);
        nonces.Keep(answer.Nonce);
        return answer.IsSuccess ? answer : throw UpstreamErrors.Refused(UpstreamProblem.Of(answer), answer.RetryAfter);
    }

    /// <summary>RFC 8555 6.5: after badNonce signed anew, with the nonce that came with the refusal.</summary>
    /// <param name="sign">Makes the JWS for a nonce.</param>
    /// <exception cref="UpstreamException">No answer, or a refusal.</exception>
    internal async Task<UpstreamAnswer> PostAsync(Uri url, Func<string, byte[]> sign, string? accept, CancellationToken ct)
    {
        for (var retries = 0; ; retries++)
        {
            var answer = await http.PostAsync(url, sign(nonces.Take() ?? await NewNonceAsync(ct)), accept, ct);
            var problem = answer.IsSuccess ? null : UpstreamProblem.Of(answer);
            if (problem?.Is("badNonce") is true) nonces.Forget();
            nonces.Keep(answer.Nonce);
            if (problem is null) return answer;
            if (!problem.Is("badNonce") || retries == Limits.MaxNonceRetries) throw UpstreamErrors.Refused(problem, answer.RetryAfter);
        }
    }

    /// <summary>RFC 8555 7.2.</summary>
    private async Task<string> NewNonceAsync(CancellationToken ct)
    {
        var answer = await http.HeadAsync((await GetDirectoryAsync(ct)).NewNonce, ct);
        if (!answer.IsSuccess) throw UpstreamErrors.Refused(UpstreamProblem.Of(answer), answer.RetryAfter);
        nonces.Keep(answer.Nonce);
        return nonces.Take() ?? throw UpstreamErrors.Nonsense("newNonce gave no Replay-Nonce.");
    }

    private sealed record KnownDirectory(UpstreamDirectory Directory, DateTimeOffset ReadAt);
}
