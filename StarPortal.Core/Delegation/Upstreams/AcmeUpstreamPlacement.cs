using StarPortal.Core.Acme;

namespace StarPortal.Core.Delegation;

/// <summary>Order2 at another CA (RFC 9115 2.3.2.1): what Order1 asks for, in what this CA offers.</summary>
public sealed class AcmeUpstreamPlacement(KeptCertificates kept, AcmeUpstreamRenewal renewal, TimeProvider clock)
{
    /// <exception cref="UpstreamException">The CA refused or was not reached.</exception>
    public async Task<UpstreamStep> PlaceAsync(DelegatedOrder order, UpstreamAccess access, CancellationToken ct)
    {
        var client = await access.GetClientAsync(ct);
        var directory = await client.GetDirectoryAsync(ct);
        var asked = await AskAsync(order, access.Options, directory, ct);
        if (order.IsStar && asked.AutoRenewal is null && order.StartDate > clock.GetUtcNow())
            return new UpstreamStep.Refused("The certificate authority has no certificates that begin later: order without start-date.", "A start-date needs a certificate authority that has STAR (RFC 8739).");
        var placed = await OrderAsync(client, asked, ct);
        // RFC 9115 2.3.2.1: what the CA does not reflect it does not grant.
        if (asked.AutoRenewal is not null && placed.AutoRenewal is not { AllowsCertificateGet: true }) return new UpstreamStep.NoGet("The certificate authority offers STAR with certificates that everybody may fetch, and did not grant it in the order.");
        return new UpstreamStep.Placed(placed.Url.OriginalString) { EndDate = placed.AutoRenewal?.EndDate, Lifetime = placed.AutoRenewal is { } granted ? (long)granted.Lifetime.TotalSeconds : null };
    }

    private async Task<NewUpstreamOrder> AskAsync(DelegatedOrder order, UpstreamOptions options, UpstreamDirectory directory, CancellationToken ct)
    {
        var asked = new NewUpstreamOrder([.. order.NameList.Select(AcmeIdentifier.Dns)])
        {
            Profile = options.Profile is { } profile && directory.Profiles.Contains(profile, StringComparer.Ordinal) ? profile : null,
            AutoRenewal = order.IsStar && directory.AutoRenewal is { AllowsCertificateGet: true } terms ? renewal.AskFor(order, terms) : null,
            AllowCertificateGet = !order.IsStar && directory.AllowsCertificateGet,
            Delegation = options.Delegation,
        };
        if (asked.AutoRenewal is not null || options.Delegation is not null) return asked; // RFC 8739 3.1.1, RFC 9115 2.3.2: no dates with these.
        return asked with
        {
            NotAfter = order.LongestLife is { } seconds ? clock.GetUtcNow().AddSeconds(seconds) : null,
            Replaces = directory.RenewalInfo is null ? null : (await kept.FindLastAsync(order.Id, ct))?.RenewalId,
        };
    }

    /// <summary>
    /// A CA that keeps no dates (RFC 8555 7.4), or has none as late, gets an order without: whether its certificates are short enough shows when one is there. One that
    /// will not have the old certificate named (RFC 9773 5) gets an order without that.
    /// </summary>
    private static async Task<UpstreamOrder> OrderAsync(AcmeClient client, NewUpstreamOrder asked, CancellationToken ct)
    {
        try
        {
            return await client.OrderAsync(asked, ct);
        }
        catch (UpstreamException refused) when (refused.Failure is UpstreamFailure.Refused && asked.NotAfter is not null && refused.Problem?.Is("malformed") is true)
        {
            return await OrderAsync(client, asked with { NotAfter = null }, ct);
        }
        catch (UpstreamException refused) when (refused.Failure is UpstreamFailure.Refused && asked.Replaces is not null)
        {
            return await OrderAsync(client, asked with { Replaces = null }, ct);
        }
    }
}
