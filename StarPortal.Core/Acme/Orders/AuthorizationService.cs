using StarPortal.Core.Audit;

namespace StarPortal.Core.Acme;

/// <summary>newAuthz, the authorization resource and its deactivation (RFC 8555 7.4.1, 7.5).</summary>
public sealed class AuthorizationService(OrderIntake intake, OrderStore store, OrderShelf shelf, AttemptsUnderWay underWay, TimeProvider clock)
{
    /// <exception cref="AcmeException">403, saying why the identifier is not authorized.</exception>
    public async Task<AcmeAuthorization> AddAsync(AcmeCaller caller, AcmeIdentifier identifier, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var authorization = await intake.ExamineAsync(caller, identifier, now, ct);
        await store.AddAsync(order: null, [authorization], rows => rows.Insert(AuditRecord.Of(AuditAction.AcmeAuthorizationCreated, caller.Actor, "authorization",
            authorization.Id, now, authorization.Waiver is { } waiver ? $"{identifier.Value}, granted by {waiver}" : identifier.Value)));
        return authorization;
    }

    /// <exception cref="AcmeException">404: no such authorization, or another account's.</exception>
    public async ValueTask<AcmeAuthorization> GetAsync(AcmeAccount account, Guid id, CancellationToken ct) =>
        await shelf.FindAuthorizationAsync(id, ct) is { } authorization && authorization.AccountId == account.Id ? authorization : throw AcmeErrors.NotFound();

    /// <summary>As above, but after the attempt that is under way, unless that takes long (RFC 8555 7.5.1: the client polls).</summary>
    /// <exception cref="AcmeException">404.</exception>
    public async ValueTask<AcmeAuthorization> PollAsync(AcmeAccount account, Guid id, CancellationToken ct)
    {
        var authorization = await GetAsync(account, id, ct);
        return await underWay.WaitAsync(authorization, ct) ? await GetAsync(account, id, ct) : authorization;
    }

    /// <summary>RFC 8555 7.5.2: the client gives it up. Orders that rest on it become invalid.</summary>
    /// <exception cref="AcmeException">404; malformed: it is over already.</exception>
    public async Task<AcmeAuthorization> DeactivateAsync(AcmeCaller caller, Guid id, CancellationToken ct)
    {
        while (true)
        {
            var authorization = await GetAsync(caller.Account, id, ct);
            var now = clock.GetUtcNow();
            if (authorization.Status is AcmeAuthorizationStatus.Deactivated) return authorization;
            if (authorization.StatusAt(now) is not (AcmeAuthorizationStatus.Pending or AcmeAuthorizationStatus.Valid))
                throw AcmeErrors.Malformed($"This authorization is {OrderJson.NameOf(authorization.StatusAt(now))}: it cannot be deactivated any more.");

            var done = await store.ChangeAsync(authorization, pending => pending.Deactivate(), rows => rows.Insert(AuditRecord.Of(
                AuditAction.AcmeAuthorizationDeactivated, caller.Actor, "authorization", id, now, authorization.Identifier.Value)));
            if (done is not null) return done;
        }
    }
}
