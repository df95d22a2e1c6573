using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>A stored credential against its passphrase.</summary>
public sealed class CredentialOpener(
    IDbContextFactory<PortalDbContext> contexts, CredentialVault vault, LogonGuesses guesses, IOptions<MyProxyOptions> options, TimeProvider clock) : IDisposable
{
    private readonly GuessTurns turns = new(options.Value.MaxAttempts);

    /// <summary>
    /// Finds the credential and opens its key. To a client that does not say who it is, every refusal is the same, and comes after the same work and the same time: there is no
    /// such credential, policy keeps it from this client, the passphrase is wrong.
    /// </summary>
    /// <param name="key">Which.</param>
    /// <param name="passphrase">UTF-8.</param>
    /// <param name="client">Who asks.</param>
    /// <param name="authorise">Throws when this client may not have this credential.</param>
    /// <param name="ct">Cancels; a wrong guess is counted all the same.</param>
    /// <exception cref="ServiceException">NotFound, Unauthenticated, TooMany, and what <paramref name="authorise"/> throws.</exception>
    internal async Task<OpenCredential> OpenAsync(CredentialKey key, ReadOnlyMemory<byte> passphrase, MyProxyClient client, Action<StoredCredential> authorise, CancellationToken ct)
    {
        var arrived = clock.GetTimestamp();
        try
        {
            if (!PassphraseRules.IsUsable(passphrase.Span)) throw MyProxyErrors.UnusablePassphrase();
            guesses.RequireRoom(client);
            using var turn = await turns.EnterAsync(key.UserHash, ct);
            return await OpenInTurnAsync(turn, key, passphrase, client, authorise, ct);
        }
        catch (ServiceException refusal) when (refusal.Kind is ErrorKind.Unauthenticated or ErrorKind.TooMany)
        {
            var left = options.Value.RefusalDelay - clock.GetElapsedTime(arrived);
            if (left > TimeSpan.Zero) await Task.Delay(left, clock, ct);
            throw;
        }
    }

    public void Dispose() => turns.Dispose();

    private async Task<OpenCredential> OpenInTurnAsync(GuessTurns.Turn turn, CredentialKey key, ReadOnlyMemory<byte> passphrase, MyProxyClient client, Action<StoredCredential> authorise, CancellationToken ct)
    {
        FoundCredential found;
        await using (var db = await contexts.CreateDbContextAsync(ct)) found = await FoundCredential.ReadAsync(db, key, ct);
        if (!IsFor(client, found.Credential, key, authorise)) found = found with { Credential = null };

        var isCounted = await guesses.BeginAsync(found, client, turn.Uncounted, ct);
        if (!isCounted) turn.GoUncounted();
        if (Judge(found.Credential, passphrase.Span) is not { } open)
        {
            await guesses.NoteWrongAsync(key, found.Credential, client, isCounted);
            throw MyProxyErrors.BadPassphrase();
        }

        await guesses.EndAsync(found, ct);
        return new OpenCredential(found.Credential!, found.RevokedAt, open);
    }

    /// <returns>False: not, and the client is not to know why.</returns>
    private static bool IsFor(MyProxyClient client, StoredCredential? credential, CredentialKey key, Action<StoredCredential> authorise)
    {
        try
        {
            authorise(credential ?? throw MyProxyErrors.NoCredentials(key));
            return true;
        }
        catch (ServiceException) when (client.Subject is null)
        {
            return false;
        }
    }

    private AsymmetricAlgorithm? Judge(StoredCredential? credential, ReadOnlySpan<byte> passphrase) =>
        credential is null ? vault.TryDecoy(passphrase) : vault.TryOpen(credential, passphrase);
}

/// <summary>A credential and its key in the clear.</summary>
/// <param name="RevokedAt">Of the certificate in it that is one of ours.</param>
internal sealed record OpenCredential(StoredCredential Credential, DateTimeOffset? RevokedAt, AsymmetricAlgorithm Key) : IDisposable
{
    public void Dispose() => Key.Dispose();
}
