using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Acme;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Star;

/// <summary>Makes the certificates of STAR orders: what all of one order share once, then slot by slot.</summary>
public sealed class StarIssuer(IssuanceProfiles profiles, CertificateBodies bodies, IDbContextFactory<PortalDbContext> contexts, IOptions<StarOptions> options, TimeProvider clock)
{
    /// <param name="key">The same key as it was read already; null: it is read again.</param>
    /// <exception cref="AcmeException">badCSR: the authority does not certify this.</exception>
    internal CertificateBody MakeBody(StarOrder order, byte[] publicKeyInfo, PublicKeyFacts? key = null)
    {
        try
        {
            SubjectAlternativeName[] names = [.. order.Identifiers.Select(identifier => identifier.ToAlternativeName())];
            return bodies.Make(new IssuanceOrder
            {
                Profile = order.Profile, Subject = profiles.Get(order.Profile).RenderSubject(names), Names = names, PublicKeyInfo = publicKeyInfo, Key = key,
                NamesAreProven = true, IsShortTerm = true, SourceKey = $"star-order:{order.Id}",
            });
        }
        catch (ServiceException refused) when (refused.Kind is ErrorKind.Invalid)
        {
            throw AcmeOrderErrors.BadCsr(refused.Message);
        }
    }

    /// <summary>Whether the body that is kept is still what would be made.</summary>
    internal bool IsCurrent(StarOrder order) => order.CertificateBody is { } body && bodies.IsCurrent(body, order.Profile);

    internal StarCertificate Sign(StarOrder order, CertificateBody body, Slot slot, DateTimeOffset now)
    {
        var serial = SerialNumber.New();
        return StarCertificate.Of(order.Id, slot, serial, bodies.Sign(body, serial, slot.NotBefore, slot.NotAfter), now);
    }

    /// <summary>RFC 8739 6.2: what an account makes this server do by itself is bounded.</summary>
    /// <exception cref="AcmeException">rateLimited.</exception>
    internal async Task RequireRoomAsync(Guid accountId, CancellationToken ct)
    {
        var (now, most) = (clock.GetUtcNow(), options.Value.MaxOrdersPerAccount);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var active = await db.StarOrders.CountAsync(order => order.AccountId == accountId && order.Status == StarOrderStatus.Active && order.EndDate > now, ct);
        if (active >= most) throw StarErrors.TooMany(most);
    }
}
