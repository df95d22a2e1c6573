using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Acme;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;

namespace StarPortal.Core.Star;

/// <summary>RFC 8739 in the ACME server: what STAR adds to the directory, to orders, to finalize and to revocation.</summary>
public sealed class StarOrderExtension(AutoRenewalReader reader, StarOrders orders, IssuanceProfiles profiles, IDbContextFactory<PortalDbContext> contexts, IOptions<StarOptions> options) : IOrderExtension
{
    public const string KindName = "star";

    private const string StatusMember = "status";

    public string Kind => KindName;

    public IReadOnlyList<string> Members { get; } = options.Value.DraftCompatibility ? [AutoRenewalReader.Member, AutoRenewalReader.DraftMember] : [AutoRenewalReader.Member];

    public void WriteMeta(Utf8JsonWriter meta) => AutoRenewalJson.WriteMeta(meta, options.Value);

    public IOrderTerms Read(JsonElement payload, NewOrder asked) => new StarTerms(reader.Read(payload, asked), profiles);

    public async ValueTask<Action<Utf8JsonWriter>> DescribeAsync(OrderView view, AcmeLinks links, CancellationToken ct)
    {
        var star = await orders.GetAsync(view.Order.Id, ct);
        return json => AutoRenewalJson.Write(json, star, links);
    }

    public Task<OrderView> FinalizeAsync(AcmeCaller caller, OrderView ready, SigningRequest request, CancellationToken ct) => orders.BeginAsync(caller, ready, request, ct);

    /// <summary>RFC 8739 3.1.2: the one change that a client can ask for.</summary>
    public Task<OrderView> UpdateAsync(AcmeCaller caller, OrderView view, JsonElement payload, CancellationToken ct) =>
        payload.TryGetProperty(StatusMember, out var status) && status.ValueKind is JsonValueKind.String && status.ValueEquals(OrderJson.NameOf(AcmeOrderStatus.Canceled))
            ? orders.CancelAsync(view, "The account that ordered canceled it.", caller.Actor, ct)
            : throw AcmeErrors.Malformed("What can be changed of a STAR order is its status, to \"canceled\" (RFC 8739 3.1.2).");

    public async Task<AcmeException?> FindRevocationRefusalAsync(byte[] certificate, CancellationToken ct)
    {
        if (RevocationAsked.SerialOf(certificate) is not { } serial) return null;
        await using var db = await contexts.CreateDbContextAsync(ct);
        var der = await db.StarCertificates.AsNoTracking().Where(known => known.SerialNumber == serial).Select(known => known.Der).FirstOrDefaultAsync(ct);
        return der is not null && der.AsSpan().SequenceEqual(certificate) ? StarErrors.RevocationNotSupported() : null;
    }
}
