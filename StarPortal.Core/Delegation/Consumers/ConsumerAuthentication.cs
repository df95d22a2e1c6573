using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Acme;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Delegation;

/// <summary>Who a consumer is, by what it shows. Whatever is wrong is one answer.</summary>
public sealed class ConsumerAuthentication(IDbContextFactory<PortalDbContext> contexts, AttemptThrottle throttle, TimeProvider clock)
{
    /// <summary>Wrong credentials of one address within <see cref="Window"/>.</summary>
    private const int MaxWrong = 30;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan UseResolution = TimeSpan.FromMinutes(1);

    /// <param name="consumer">User name of HTTP Basic, the consumer's id; null: a bearer token, which says it all.</param>
    /// <exception cref="ServiceException">Unauthenticated; TooMany: too many wrong ones from this address.</exception>
    public async Task<KnownConsumer> ByTokenAsync(string? consumer, string token, string? address, CancellationToken ct)
    {
        var key = AttemptThrottle.AddressKey("consumer", address);
        throttle.Spend(key, MaxWrong, Window);
        var known = await FindAsync(SecureTokens.Hash(token), address, ct);
        if (known is null || (consumer is not null && !string.Equals(consumer, known.Id.ToString("N"), StringComparison.Ordinal))) throw DelegationErrors.BadCredential();
        throttle.Refund(key);
        return known;
    }

    /// <summary>Its key is what counts, which the handshake proved that the client has, and only within its dates.</summary>
    /// <exception cref="ServiceException">Unauthenticated.</exception>
    public async Task<KnownConsumer> ByCertificateAsync(X509Certificate2 certificate, string? address, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        if (now < certificate.NotBefore.ToUniversalTime() || now > certificate.NotAfter.ToUniversalTime()) throw DelegationErrors.BadCredential();
        return await FindAsync(ConsumerService.KeyHashOf(certificate), address, ct) ?? throw DelegationErrors.BadCredential();
    }

    /// <returns>Null: the account belongs to no consumer, or to none any more.</returns>
    public async Task<KnownConsumer?> ByAccountAsync(AcmeAccount account, string? address, CancellationToken ct) =>
        account.ExternalAccountKeyId is { } key ? await FindAsync($"eab:{key:N}", address, ct) : null;

    private async Task<KnownConsumer?> FindAsync(string secret, string? address, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var (credentials, consumers) = (db.ConsumerCredentials, db.DelegationConsumers);
        var found = await credentials.AsNoTracking().Where(credential => credential.Secret == secret && credential.RevokedAt == null)
            .Join(consumers.Where(consumer => consumer.EndedAt == null), credential => credential.ConsumerId, consumer => consumer.Id, (credential, consumer) => new { credential, consumer })
            .SingleOrDefaultAsync(ct);
        if (found is null) return null;
        var now = clock.GetUtcNow();
        if (!(found.credential.LastUsedAt > now - UseResolution))
            await credentials.Where(credential => credential.Id == found.credential.Id).ExecuteUpdateAsync(set => set.SetProperty(credential => credential.LastUsedAt, now), ct);
        return new KnownConsumer(found.consumer.Id, found.consumer.OwnerId, found.consumer.Name, address);
    }
}
