using StarPortal.Core.Acme;

namespace StarPortal.Core.Delegation;

/// <summary>Asks again until an order or authorization is done (RFC 8555 7.5.1), as slowly as the upstream wants and not for ever.</summary>
public sealed class UpstreamWait(TimeProvider clock)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    /// <summary>Until a finalized order is valid.</summary>
    /// <exception cref="UpstreamException">Refused: it became invalid. Slow: it is still processing. And whatever asking fails by.</exception>
    public Task<UpstreamOrder> UntilValidAsync(AcmeClient client, UpstreamOrder order, CancellationToken ct) => UntilAsync(
        "The order", client.Limits, order, token => client.GetOrderAsync(order.Url, token), order => order.RetryAt, order => order.Status switch
        {
            AcmeOrderStatus.Valid => true,
            AcmeOrderStatus.Invalid or AcmeOrderStatus.Canceled => throw UpstreamErrors.Invalid("The order", order.Error),
            AcmeOrderStatus.Pending or AcmeOrderStatus.Ready or AcmeOrderStatus.Processing => false,
        }, ct);

    /// <summary>Until the challenges of an order are seen to: it may be finalized, or is further.</summary>
    /// <exception cref="UpstreamException">As above.</exception>
    public Task<UpstreamOrder> UntilReadyAsync(AcmeClient client, UpstreamOrder order, CancellationToken ct) => UntilAsync(
        "The order", client.Limits, order, token => client.GetOrderAsync(order.Url, token), order => order.RetryAt, order => order.Status switch
        {
            AcmeOrderStatus.Ready or AcmeOrderStatus.Processing or AcmeOrderStatus.Valid => true,
            AcmeOrderStatus.Invalid or AcmeOrderStatus.Canceled => throw UpstreamErrors.Invalid("The order", order.Error),
            AcmeOrderStatus.Pending => false,
        }, ct);

    /// <summary>Until an authorization whose challenge was answered is valid.</summary>
    /// <exception cref="UpstreamException">As above.</exception>
    public Task<UpstreamAuthorization> UntilValidAsync(AcmeClient client, UpstreamAuthorization authorization, CancellationToken ct)
    {
        var what = $"The authorization of {authorization.Identifier.Value}";
        return UntilAsync(what, client.Limits, authorization, token => client.GetAuthorizationAsync(authorization.Url, token), one => one.RetryAt, one => one.Status switch
        {
            AcmeAuthorizationStatus.Valid => true,
            AcmeAuthorizationStatus.Pending => false,
            AcmeAuthorizationStatus.Invalid or AcmeAuthorizationStatus.Deactivated or AcmeAuthorizationStatus.Expired or AcmeAuthorizationStatus.Revoked => throw UpstreamErrors.Invalid(what, one.Error),
        }, ct);
    }

    private async Task<T> UntilAsync<T>(string what, UpstreamLimits limits, T current, Func<CancellationToken, Task<T>> ask, Func<T, DateTimeOffset?> retryAt, Func<T, bool> isDone, CancellationToken ct)
    {
        var (start, delay) = (clock.GetTimestamp(), limits.PollInterval);
        while (!isDone(current))
        {
            var pause = retryAt(current) - clock.GetUtcNow() is { } asked && asked > delay ? asked : delay;
            if (clock.GetElapsedTime(start) + pause > limits.MaxWait) throw UpstreamErrors.StillWaiting(what, limits.MaxWait);
            await Task.Delay(pause, clock, ct);
            delay = delay * 2 < Longest ? delay * 2 : Longest;
            current = await ask(ct);
        }

        return current;
    }
}
