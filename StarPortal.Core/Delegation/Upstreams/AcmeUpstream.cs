using System.Security.Cryptography.X509Certificates;
using StarPortal.Core.Acme;
using StarPortal.Core.Authority;

namespace StarPortal.Core.Delegation;

/// <summary>
/// Another CA. Where it has STAR (RFC 8739) and lets everybody fetch, it is given an auto-renewal order and the consumer its URL. Where it has not, the portal is
/// what renews: it orders again with the consumer's CSR, ahead of the end, and serves the certificate itself.
/// </summary>
public sealed class AcmeUpstream(UpstreamAccess access, ChallengeRunner challenges, AcmeUpstreamParts parts, TimeProvider clock) : IUpstream
{
    /// <summary>A certificate that ends sooner needs no revocation (CA/Browser Forum: short-lived).</summary>
    private static readonly TimeSpan ShortLived = TimeSpan.FromDays(7);

    private readonly KeptCertificates kept = parts.Kept;
    private readonly AcmeUpstreamRenewal renewal = parts.Renewal;
    private readonly AcmeUpstreamPlacement placement = parts.Placement;

    /// <inheritdoc/>
    public async Task<UpstreamStep> AdvanceAsync(DelegatedOrder order, CancellationToken ct)
    {
        var used = access.Opened;
        try
        {
            if (order.Status is DelegatedOrderStatus.Valid && order.UpstreamOrder is null && await renewal.FindPauseAsync(order, access, ct) is { } pause) return pause;
            return order.UpstreamOrder is { } url ? await FollowAsync(order, new Uri(url), ct) : await placement.PlaceAsync(order, access, ct);
        }
        catch (Exception error) when (IsFinal(error))
        {
            if (await access.ForgetOutdatedAsync(used, ct)) return new UpstreamStep.Waiting(TimeSpan.FromSeconds(1), "The account's key was changed meanwhile.");
            return order.Status is DelegatedOrderStatus.Valid ? new UpstreamStep.Again(AgainAfter(order), error.Message) : UpstreamReasons.Of(error);
        }
    }

    /// <inheritdoc/>
    public async Task CancelAsync(DelegatedOrder order, CancellationToken ct)
    {
        var used = access.Opened;
        try
        {
            var client = await access.GetClientAsync(ct);
            foreach (var certificate in await kept.ListEndingAfterAsync(order.Id, clock.GetUtcNow() + ShortLived, ct)) await RevokeAsync(client, certificate.Pem, ct);
            if (order.UpstreamOrder is { } url) await EndAsync(client, await client.GetOrderAsync(new Uri(url), ct), ct);
        }
        catch (UpstreamException refused) when (!refused.MayPass)
        {
            await access.ForgetOutdatedAsync(used, ct);
            throw;
        }
    }

    /// <summary>Order2, also one whose certificate has not been fetched yet. One that was not finalized runs out by itself: nobody will finalize it now.</summary>
    private async Task EndAsync(AcmeClient client, UpstreamOrder placed, CancellationToken ct)
    {
        if (placed.Status is AcmeOrderStatus.Processing) throw UpstreamErrors.StillWaiting("The order that is to be canceled", access.Options.Timeout);
        if (placed.Status is not AcmeOrderStatus.Valid) return;
        if (access.Options.Delegation is not null) return; // RFC 9115 2.3.6: who delegates further cannot cancel; the owner of the names can.
        if (placed.AutoRenewal is not null) await CancelAsync(client, placed.Url, ct);
        else if (placed.Certificate is { } issued) await RevokeAsync(client, (await client.DownloadAsync(issued, ct)).Pem, ct);
    }

    private static async Task CancelAsync(AcmeClient client, Uri order, CancellationToken ct)
    {
        try
        {
            await client.CancelAsync(order, ct);
        }
        catch (UpstreamException refused) when (refused.Problem?.Is("autoRenewalCancellationInvalid") is true)
        {
            // RFC 8739 3.1.2: it was over already.
        }
    }

    private async Task<UpstreamStep> FollowAsync(DelegatedOrder order, Uri url, CancellationToken ct)
    {
        var client = await access.GetClientAsync(ct);
        var placed = await client.GetOrderAsync(url, ct);
        if (placed.Status is AcmeOrderStatus.Pending) placed = await challenges.AuthorizeAsync(client, placed, access.Solvers, ct);
        if (placed.Status is AcmeOrderStatus.Ready) placed = await FinalizeAsync(client, placed, order.Csr!, ct);
        return placed.Status switch
        {
            AcmeOrderStatus.Valid => await IssuedAsync(order, client, placed, ct),
            AcmeOrderStatus.Pending or AcmeOrderStatus.Ready or AcmeOrderStatus.Processing => new UpstreamStep.Waiting(PauseUntil(placed.RetryAt), null),
            AcmeOrderStatus.Invalid or AcmeOrderStatus.Canceled when order.Status is DelegatedOrderStatus.Valid => new UpstreamStep.Again(AgainAfter(order), placed.Error?.ToString() ?? "The order at the certificate authority is over."),
            AcmeOrderStatus.Invalid or AcmeOrderStatus.Canceled => UpstreamReasons.Of(placed.Error, placed.Error?.ToString() ?? "The order at the certificate authority is over."),
        };
    }

    /// <summary>Another node may have finalized at the same moment.</summary>
    private static async Task<UpstreamOrder> FinalizeAsync(AcmeClient client, UpstreamOrder ready, byte[] csr, CancellationToken ct)
    {
        try
        {
            return await client.FinalizeAsync(ready, csr, ct);
        }
        catch (UpstreamException refused) when (refused.Problem?.Is("orderNotReady") is true)
        {
            return await client.GetOrderAsync(ready.Url, ct);
        }
    }

    private async Task<UpstreamStep> IssuedAsync(DelegatedOrder order, AcmeClient client, UpstreamOrder placed, CancellationToken ct)
    {
        var source = placed.StarCertificate ?? placed.Certificate ?? throw UpstreamErrors.Nonsense("a valid order has no certificate.");
        var isKept = placed.AutoRenewal is null && !placed.AllowsCertificateGet;
        var check = new CertificateCheck(SigningRequest.Parse(order.Csr!), placed.Identifiers, access.Options.MaxCertificateLife)
        {
            // RFC 8739 3.5: of certificates that the CA renews, the limit is that of the nominal life, and was kept when the order was granted.
            MaxRemaining = placed.AutoRenewal is null && order.LongestLife is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        };
        var now = clock.GetUtcNow();
        var pem = access.Options.Delegation is null ? await client.DownloadAsync(source, ct) : await client.FetchAsync(source, ct); // RFC 9115 2.4: it is where this account is nobody.
        var chain = await CheckAsync(client, check, pem, order.StartDate > now ? order.StartDate.Value : now, ct); // RFC 8739 2.2: the first one may be out before it begins.
        return isKept ? await renewal.KeepAsync(order, chain, ct) : new UpstreamStep.Issued(source.OriginalString, chain.Life.NotAfter);
    }

    /// <summary>One that lives for too long is revoked: it is not served here, and its holder may find it in a log of certificates.</summary>
    private async Task<CheckedChain> CheckAsync(AcmeClient client, CertificateCheck check, UpstreamChain chain, DateTimeOffset now, CancellationToken ct)
    {
        try
        {
            return check.Require(chain, now);
        }
        catch (UpstreamException refused) when (refused.Failure is UpstreamFailure.TooLong && access.Options.Delegation is null)
        {
            throw await RevokeAsync(client, chain.Pem, refused, ct);
        }
    }

    private async Task<UpstreamException> RevokeAsync(AcmeClient client, string pem, UpstreamException because, CancellationToken ct)
    {
        try
        {
            await RevokeAsync(client, pem, ct);
            return because;
        }
        catch (UpstreamException failed)
        {
            return new UpstreamException(because.Failure, $"{because.Message} It could not be revoked: {failed.Message}", failed);
        }
    }

    private async Task RevokeAsync(AcmeClient client, string pem, CancellationToken ct)
    {
        using var certificate = X509Certificate2.CreateFromPem(pem);
        if (certificate.NotAfter.ToUniversalTime() - clock.GetUtcNow().UtcDateTime > ShortLived) await client.RevokeAsync(certificate, RevocationReason.CessationOfOperation, ct);
    }

    private static bool IsFinal(Exception error) => error is UpstreamException { MayPass: false } or ChallengeFailedException { MayPass: false };

    private static TimeSpan AgainAfter(DelegatedOrder order) => TimeSpan.FromMinutes(Math.Min(60, Math.Pow(2, Math.Min(order.Failures, 6))));

    private TimeSpan PauseUntil(DateTimeOffset? retryAt) => retryAt - clock.GetUtcNow() is { } wait && wait > TimeSpan.FromSeconds(1) ? wait : TimeSpan.FromSeconds(2);
}
