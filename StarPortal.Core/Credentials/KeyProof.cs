using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Credentials;

/// <summary>
/// A stored key against its passphrase: who knows that is its holder. Each guess is counted, in the database, before it is judged; after
/// <see cref="CredentialOptions.MaxAttempts"/> wrong ones the key rests for a while.
/// </summary>
public sealed class KeyProof(CredentialStore store, IOptions<CredentialOptions> options, TimeProvider clock)
{
    /// <summary>Opens the key. Saves the caller's unit of work: once for the guess, and once more when that was wrong.</summary>
    /// <param name="db">Holds <paramref name="credential"/>. After a good guess the count starts anew; the caller says what it was for, and saves.</param>
    /// <param name="credential">Tracked.</param>
    /// <param name="passphrase">As it was typed.</param>
    /// <param name="person">Who typed it.</param>
    /// <param name="ct">Cancels; a guess that was counted stays so.</param>
    /// <exception cref="ServiceException">Invalid or TooMany, beside the passphrase.</exception>
    public async Task<OpenKey> OpenAsync(PortalDbContext db, Credential credential, string? passphrase, Actor person, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(passphrase)) throw CredentialErrors.PassphraseMissing();
        await CountAttemptAsync(db, credential, ct);
        var encrypted = store.Open(credential);
        try
        {
            var key = new OpenKey(encrypted, ProtectedKeys.Open(encrypted, passphrase));
            await StartAnewAsync(db, credential, ct);
            return key;
        }
        catch (ServiceException error) when (error.Kind is ErrorKind.Invalid)
        {
            db.AuditRecords.Add(AuditRecord.Of(
                AuditAction.CredentialRefused, person, "certificate", credential.CertificateId, clock.GetUtcNow(), $"wrong passphrase, {credential.Attempts} in a row"));
            await db.SaveChangesAsync(ct);
            throw CredentialErrors.WrongPassphrase(options.Value.MaxAttempts - credential.Attempts);
        }
    }

    /// <summary>
    /// At once, and whoever else has counted in between: a passphrase that is right in two places at the same time must not shut its holder out.
    /// </summary>
    private static async Task StartAnewAsync(PortalDbContext db, Credential credential, CancellationToken ct)
    {
        await db.Credentials.Where(same => same.Id == credential.Id).ExecuteUpdateAsync(set => set.SetProperty(same => same.Attempts, 0), ct);
        await db.Entry(credential).ReloadAsync(ct);
    }

    private async Task CountAttemptAsync(PortalDbContext db, Credential credential, CancellationToken ct)
    {
        credential.BeginAttempt(options.Value.MaxAttempts, options.Value.AttemptWait, clock.GetUtcNow());
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw CredentialErrors.AttemptUnderWay();
        }
    }
}

/// <summary>A key in the clear, in memory only, and as it is kept.</summary>
/// <param name="EncryptedPkcs8">DER, under the passphrase.</param>
/// <param name="Key">The same, open.</param>
public sealed record OpenKey(byte[] EncryptedPkcs8, AsymmetricAlgorithm Key) : IDisposable
{
    public void Dispose() => Key.Dispose();
}
