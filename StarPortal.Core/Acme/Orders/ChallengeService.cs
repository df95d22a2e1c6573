using StarPortal.Core.Audit;

namespace StarPortal.Core.Acme;

/// <summary>The challenge resource (RFC 8555 7.5.1).</summary>
public sealed class ChallengeService(AuthorizationService authorizations, OrderStore store, ValidationBacklog backlog, AcmeLimits limits, TimeProvider clock)
{
    /// <summary>With an attempt, before the client is told to wait: most need less, and a client that can do one thing at a time is not kept from answering it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    /// <summary>As <see cref="AuthorizationService.PollAsync"/>.</summary>
    /// <exception cref="AcmeException">404: no such challenge, or another account's.</exception>
    public async ValueTask<AcmeAuthorization> PollAsync(AcmeAccount account, Guid authorizationId, ChallengeType type, CancellationToken ct) =>
        RequireShown(await authorizations.PollAsync(account, authorizationId, ct), type);

    /// <summary>
    /// The client is prepared, and is answered with the outcome if that is known at once. Before it is told to wait, the attempt is a row, so that
    /// it is made even when this process ends then. Asking again while it fails makes the next attempt due at once; with another challenge, that
    /// one is tried instead.
    /// </summary>
    /// <exception cref="AcmeException">404; malformed: expired; rateLimited.</exception>
    public async Task<AcmeAuthorization> RespondAsync(AcmeCaller caller, Guid authorizationId, ChallengeType type, CancellationToken ct)
    {
        while (true)
        {
            var authorization = RequireShown(await authorizations.GetAsync(caller.Account, authorizationId, ct), type);
            var now = clock.GetUtcNow();
            switch (authorization.StatusAt(now))
            {
                case AcmeAuthorizationStatus.Pending: break;
                case AcmeAuthorizationStatus.Valid or AcmeAuthorizationStatus.Invalid: return authorization;
                case var ended: throw AcmeErrors.Malformed($"This authorization is {OrderJson.NameOf(ended)}: place a new order.");
            }

            // An attempt that is under way now is the answer to this as well.
            if (authorization.Chosen == type && authorization.IsProcessing && authorization.LeasedUntil > now) return authorization;
            limits.Require(AcmeLimitKind.FailedValidations, ValidationBacklog.FailureKeyOf(authorization));
            limits.Take(AcmeLimitKind.ChallengeAttempts, authorization.Id.ToString());

            var choice = new ChallengeChoice(
                authorization,
                pending => pending.Choose(type, backlog.Node, ValidationBacklog.Lease, now),
                () => AuditRecord.Of(AuditAction.AcmeChallengeChosen, caller.Actor, "authorization", authorizationId, now, $"{authorization.Identifier.Value} by {type.Token}"));
            backlog.Add(new LeasedAttempt(choice.Preview(), caller.Account.Thumbprint, choice));
            if (await SavedAsync(choice, ct) is { } chosen) return chosen;
        }
    }

    private async Task<AcmeAuthorization?> SavedAsync(ChallengeChoice choice, CancellationToken ct)
    {
        await ((Task)choice.Saved).WaitAsync(Patience, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ct.ThrowIfCancellationRequested(); // The attempt goes on, and what comes of it is written.
        return choice.TryTake() ? await choice.SaveAsync(store) : await choice.Saved;
    }

    private AcmeAuthorization RequireShown(AcmeAuthorization authorization, ChallengeType type) =>
        Challenges.ShownFor(authorization, authorization.StatusAt(clock.GetUtcNow())).Contains(type) ? authorization : throw AcmeErrors.NotFound();
}
