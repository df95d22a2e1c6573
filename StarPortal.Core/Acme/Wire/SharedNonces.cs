using System.Buffers.Binary;
using System.Buffers.Text;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;

namespace StarPortal.Core.Acme;

/// <summary>
/// Nonces that any node redeems: 128 random bits and the time, with a MAC under a key that the nodes share. The database's primary key decides who was first.
/// </summary>
internal sealed class SharedNonces(ServerKey serverKey, GroupCommit commits, IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
{
    /// <summary>Characters of a nonce in base64url.</summary>
    public const int Length = 43;

    /// <summary>How long a nonce is good for.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private const int IdOctets = 16;
    private const int SignedOctets = IdOctets + 4;
    private const int MacOctets = 12;

    private readonly Lazy<byte[]> key = new(() => Encoding.ASCII.GetBytes(serverKey.PassphraseFor("acme-nonces")));

    public string Issue()
    {
        Span<byte> nonce = stackalloc byte[SignedOctets + MacOctets];
        RandomNumberGenerator.Fill(nonce[..IdOctets]);
        BinaryPrimitives.WriteUInt32BigEndian(nonce[IdOctets..], (uint)clock.GetUtcNow().ToUnixTimeSeconds());
        Mac(nonce[..SignedOctets], nonce[SignedOctets..]);
        return Base64Url.EncodeToString(nonce);
    }

    /// <returns>Whether a node issued it, it is not too old, and nobody had used it.</returns>
    public async ValueTask<bool> RedeemAsync(ReadOnlyMemory<byte> nonce)
    {
        if (!IsGood(nonce.Span)) return false;
        var used = new { Id = new Guid(nonce.Span[..IdOctets]), At = clock.GetUtcNow() };
        try
        {
            await commits.SaveAsync(rows => rows.Insert(new UsedNonce { Id = used.Id, UsedAt = used.At }));
            return true;
        }
        catch (DbUpdateException error) when (error.InnerException is DbException)
        {
            await using var db = await contexts.CreateDbContextAsync();
            if (await db.Set<UsedNonce>().AnyAsync(other => other.Id == used.Id)) return false;
            throw;
        }
    }

    /// <summary>Forgets those that are too old to be accepted anyway.</summary>
    public async Task<int> PruneAsync(CancellationToken ct)
    {
        var before = clock.GetUtcNow() - (2 * Lifetime);
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.Set<UsedNonce>().Where(nonce => nonce.UsedAt < before).ExecuteDeleteAsync(ct);
    }

    private bool IsGood(ReadOnlySpan<byte> nonce)
    {
        if (nonce.Length != SignedOctets + MacOctets) return false;
        Span<byte> mac = stackalloc byte[MacOctets];
        Mac(nonce[..SignedOctets], mac);
        if (!CryptographicOperations.FixedTimeEquals(mac, nonce[SignedOctets..])) return false;
        var age = clock.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadUInt32BigEndian(nonce[IdOctets..]));
        return age < Lifetime;
    }

    private void Mac(ReadOnlySpan<byte> content, Span<byte> mac)
    {
        Span<byte> full = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key.Value, content, full);
        full[..mac.Length].CopyTo(mac);
    }
}
