using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Delegation;

/// <summary>
/// The proxy of the domain owner as the STAR prototype had it: a CSR comes in, and from the completion URL comes the place where the certificate is, renewed
/// until the end. It is a thin face of the same orders that RFC 9115 has.
/// </summary>
public sealed class RegistrationService(IDbContextFactory<PortalDbContext> contexts, CsrGate gate, DelegatedIntake intake, DelegatedOrderBook book, TimeProvider clock)
{
    private const int SecondsAnHour = 3600;

    /// <param name="consumer">Null: nobody in particular; the owner has to approve.</param>
    /// <param name="idempotencyKey">Of a known consumer: a request that is repeated with it is answered as the first one was.</param>
    /// <exception cref="ServiceException">Invalid or Forbidden with the member that is wrong; Conflict: the key was used for another request; TooMany; Unauthenticated.</exception>
    public async Task<DelegatedOrder> RegisterAsync(AskedRegistration asked, KnownConsumer? consumer, string? idempotencyKey, Actor actor, CancellationToken ct)
    {
        if (idempotencyKey is { Length: 0 or > DelegatedOrder.MaxIdempotencyKey }) throw DelegationErrors.Field("Idempotency-Key", $"An idempotency key has 1 to {DelegatedOrder.MaxIdempotencyKey} characters.");
        if (await intake.FindRepeatedAsync(consumer, idempotencyKey, ct) is { } repeated) return RequireSame(repeated, asked);
        intake.RequireTurn(consumer, actor.Address);

        var (delegation, verdict) = await ChooseAsync(asked, consumer, ct);
        var now = clock.GetUtcNow();
        var terms = new DelegatedTerms([.. CsrGate.NamesOf(verdict.Request!).Distinct(StringComparer.Ordinal)], Math.Min(asked.Validity, delegation.MaxValidity) * SecondsAnHour) { Days = (int)Math.Min(asked.Lifetime, delegation.MaxLifetime) };
        var order = DelegatedOrder.OfRegistration(delegation, terms, consumer is null ? null : idempotencyKey, now);
        order.Submit(verdict.Encoded, verdict.Request!.KeyHash, delegation.Approval, delegation.Approval is DelegationApproval.Person ? intake.ApproveBy : intake.GiveUpAt, now);
        return RequireSame(await intake.AddAsync(order, consumer, actor, ct), asked);
    }

    /// <param name="consumer">Null: who asks showed no credential, which is enough for what was registered without one.</param>
    /// <exception cref="ServiceException">NotFound: no such registration, or another consumer's.</exception>
    public async Task<DelegatedOrder> GetAsync(Guid id, KnownConsumer? consumer, CancellationToken ct) =>
        await book.FindAsync(id, ct) is { Door: DelegatedOrderDoor.Registration } order && order.ConsumerId == consumer?.Id ? order : throw DelegationErrors.OrderNotFound();

    /// <summary>The first delegation, the oldest first, whose template the CSR fits.</summary>
    private async Task<(NameDelegation Delegation, CsrVerdict Verdict)> ChooseAsync(AskedRegistration asked, KnownConsumer? consumer, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var candidates = await CandidatesAsync(db, consumer, NamesIn(asked.Csr), ct);
        List<CsrVerdict> refused = [];
        foreach (var delegation in candidates)
        {
            var verdict = await gate.JudgeAsync(db, delegation, asked.Csr, ct);
            if (verdict.IsAllowed) return (delegation, verdict);
            refused.Add(verdict);
        }

        // A consumer may read its templates anyway; to others nothing is said of them.
        throw consumer is not null && refused is [var only] ? DelegationErrors.BadCsr(string.Join(' ', only.Findings.Select(finding => finding.Text))) : DelegationErrors.NotDelegated();
    }

    /// <summary>Delegations in force of this consumer, or for nobody in particular, that have one of the names.</summary>
    private static async Task<List<NameDelegation>> CandidatesAsync(PortalDbContext db, KnownConsumer? consumer, IReadOnlyList<string> names, CancellationToken ct)
    {
        var of = consumer?.Id;
        var all = await db.NameDelegations.AsNoTracking().Where(delegation => delegation.ConsumerId == of && delegation.State == DelegationState.Active).OrderBy(delegation => delegation.CreatedAt).ToListAsync(ct);
        var concerned = all.Where(delegation => names.Any(name => delegation.NameList.Any(delegated => delegated == name || IsBelow(name, delegated)))).ToList();
        return concerned;
    }

    private static bool IsBelow(string name, string delegated) =>
        delegated.StartsWith("*.", StringComparison.Ordinal) && name.EndsWith(delegated[1..], StringComparison.Ordinal);

    /// <exception cref="ServiceException">Invalid: no CSR.</exception>
    private static IReadOnlyList<string> NamesIn(byte[] csr)
    {
        try
        {
            return [.. CsrGate.NamesOf(SigningRequest.Parse(csr))];
        }
        catch (ServiceException invalid)
        {
            throw DelegationErrors.BadCsr(invalid.Message);
        }
    }

    private static DelegatedOrder RequireSame(DelegatedOrder order, AskedRegistration asked)
    {
        var request = SigningRequest.Parse(asked.Csr);
        if (order.KeyHash != request.KeyHash || !CsrGate.NamesOf(request).ToHashSet(StringComparer.Ordinal).SetEquals(order.NameList)) throw new ServiceException(ErrorKind.Conflict, "This idempotency key was used for another request.", "Idempotency-Key");
        return order;
    }
}
