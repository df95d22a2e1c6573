using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Acme;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Delegation;

/// <summary>An owner's consumers and what they are known by.</summary>
public sealed class ConsumerService(IDbContextFactory<PortalDbContext> contexts, ExternalAccountKeyService keys, AccountCache accounts, TimeProvider clock)
{
    private const int MaxConsumers = 1_000;
    private const int MaxCredentials = 20;

    /// <exception cref="ServiceException">Unauthenticated, Forbidden; Invalid beside Name; TooMany.</exception>
    public async Task<DelegationConsumer> CreateAsync(string name, Actor actor, CancellationToken ct)
    {
        actor.Require(PortalRole.Owner);
        var owner = actor.RequireSignedIn();
        if (name.Trim() is not { Length: > 0 and <= 200 } label) throw DelegationErrors.Field("Name", "Give the consumer a name of at most 200 characters.");
        await using var db = await contexts.CreateDbContextAsync(ct);
        if (await db.DelegationConsumers.CountAsync(known => known.OwnerId == owner, ct) >= MaxConsumers) throw new ServiceException(ErrorKind.TooMany, $"One owner has {MaxConsumers} consumers at most.");
        var consumer = DelegationConsumer.Create(label, owner, clock.GetUtcNow());
        db.DelegationConsumers.Add(consumer);
        await SaveAsync(db, AuditAction.ConsumerCreated, consumer, consumer.Name, actor, ct);
        return consumer;
    }

    /// <returns>The token, which nothing shows again.</returns>
    /// <exception cref="ServiceException">NotFound; Conflict: ended; TooMany.</exception>
    public async Task<string> AddTokenAsync(Guid consumerId, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var consumer = await OpenAsync(db, consumerId, actor, ct);
        var token = SecureTokens.NewToken();
        await AddAsync(db, consumer, ConsumerCredential.OfToken(consumerId, token, clock.GetUtcNow()), actor, ct);
        return token;
    }

    /// <summary>A TLS client certificate, from whichever CA: its key is what counts, so that a renewed certificate with the same key goes on working.</summary>
    /// <exception cref="ServiceException">As <see cref="AddTokenAsync"/>; Invalid beside Certificate.</exception>
    public async Task AddCertificateAsync(Guid consumerId, string pem, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var consumer = await OpenAsync(db, consumerId, actor, ct);
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(pem);
            await AddAsync(db, consumer, ConsumerCredential.OfCertificate(consumerId, certificate.Subject is { Length: > 0 and <= 300 } subject ? subject : certificate.SerialNumber, KeyHashOf(certificate), clock.GetUtcNow()), actor, ct);
        }
        catch (CryptographicException)
        {
            throw DelegationErrors.Field("Certificate", "This is not a certificate in PEM: paste it with its BEGIN and END lines.");
        }
    }

    /// <summary>For ACME accounts of the delegation directory.</summary>
    /// <returns>The external account key with its MAC key, which nothing shows again.</returns>
    /// <exception cref="ServiceException">As <see cref="AddTokenAsync"/>.</exception>
    public async Task<IssuedExternalAccountKey> AddAccountKeyAsync(Guid consumerId, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var consumer = await OpenAsync(db, consumerId, actor, ct);
        return await keys.AddAsync(db, new NewExternalAccountKey(consumer.Name, consumer.OwnerId) { Directory = DelegationDirectory.Path }, actor, ct, key =>
        {
            var credential = ConsumerCredential.OfAccount(consumerId, key.KeyId, key.Id, clock.GetUtcNow());
            db.ConsumerCredentials.Add(credential);
            db.AuditRecords.Add(AuditRecord.Of(AuditAction.ConsumerCredentialCreated, actor, "consumer", consumerId, clock.GetUtcNow(), $"{consumer.Name}: {credential.Kind} {credential.Label}"));
        });
    }

    /// <exception cref="ServiceException">NotFound; Conflict: revoked already.</exception>
    public async Task RevokeAsync(Guid credentialId, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var credential = await db.ConsumerCredentials.FindAsync([credentialId], ct) ?? throw DelegationErrors.CredentialNotFound();
        var consumer = await FindAsync(db, credential.ConsumerId, actor, ct);
        credential.Revoke(clock.GetUtcNow());
        if (credential.ExternalAccountKeyId is { } keyId && await db.ExternalAccountKeys.FindAsync([keyId], ct) is { RevokedAt: null } key) key.Revoke(clock.GetUtcNow());
        await SaveAsync(db, AuditAction.ConsumerCredentialRevoked, consumer, $"{consumer.Name}: {credential.Kind} {credential.Label}", actor, ct);
        accounts.ForgetAll();
    }

    /// <summary>It is granted nothing any more. What runs goes on until it is canceled.</summary>
    /// <exception cref="ServiceException">NotFound; Conflict: ended already.</exception>
    public async Task EndAsync(Guid consumerId, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var consumer = await FindAsync(db, consumerId, actor, ct);
        consumer.End(clock.GetUtcNow());
        await SaveAsync(db, AuditAction.ConsumerEnded, consumer, consumer.Name, actor, ct);
    }

    /// <summary>SHA-256 of a certificate's SubjectPublicKeyInfo, lower-case hex.</summary>
    internal static string KeyHashOf(X509Certificate2 certificate) => Convert.ToHexStringLower(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));

    private static async Task<DelegationConsumer> OpenAsync(PortalDbContext db, Guid id, Actor actor, CancellationToken ct)
    {
        var consumer = await FindAsync(db, id, actor, ct);
        if (!consumer.IsActive) throw DelegationErrors.ConsumerEnded();
        var credentials = await db.ConsumerCredentials.CountAsync(credential => credential.ConsumerId == id && credential.RevokedAt == null, ct);
        return credentials < MaxCredentials ? consumer : throw new ServiceException(ErrorKind.TooMany, $"A consumer has {MaxCredentials} credentials at most: revoke one first.");
    }

    private static async Task<DelegationConsumer> FindAsync(PortalDbContext db, Guid id, Actor actor, CancellationToken ct)
    {
        var consumer = await db.DelegationConsumers.FindAsync([id], ct);
        return consumer is not null && DelegationRights.MayManage(consumer.OwnerId, actor) ? consumer : throw DelegationErrors.ConsumerNotFound();
    }

    private async Task AddAsync(PortalDbContext db, DelegationConsumer consumer, ConsumerCredential credential, Actor actor, CancellationToken ct)
    {
        if (await db.ConsumerCredentials.AnyAsync(known => known.Secret == credential.Secret, ct)) throw DelegationErrors.Field("Certificate", "This certificate's key stands for a consumer already.");
        db.ConsumerCredentials.Add(credential);
        await SaveAsync(db, AuditAction.ConsumerCredentialCreated, consumer, $"{consumer.Name}: {credential.Kind} {credential.Label}", actor, ct);
    }

    private async Task SaveAsync(PortalDbContext db, AuditAction action, DelegationConsumer consumer, string detail, Actor actor, CancellationToken ct)
    {
        db.AuditRecords.Add(AuditRecord.Of(action, actor, "consumer", consumer.Id, clock.GetUtcNow(), detail));
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw DelegationErrors.Busy();
        }
    }
}
