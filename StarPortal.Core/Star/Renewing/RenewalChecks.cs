using StarPortal.Core.Acme;

namespace StarPortal.Core.Star;

/// <summary>What stands against the next certificate of an order.</summary>
/// <param name="Reason">In words; null: nothing.</param>
/// <param name="IsFinal">The order is over; else it is tried again.</param>
internal readonly record struct RenewalVerdict(string? Reason, bool IsFinal)
{
    public static readonly RenewalVerdict Fine = new(null, false);

    public static RenewalVerdict Wait(string reason) => new(reason, false);

    public static RenewalVerdict End(string reason) => new(reason, true);
}

/// <summary>
/// Policy once more at each renewal, as at finalize: the account, keys reported as compromised, what each name was granted by, CAA. Names are not
/// challenged again (RFC 8739 2.2). All but CAA is answered from memory.
/// </summary>
public sealed class RenewalChecks(AccountCache accounts, CompromisedKeys compromised, OrderPolicy policy, CaaGate caa, AcmeLinks links)
{
    internal async ValueTask<RenewalVerdict> JudgeAsync(StarOrder order, CancellationToken ct)
    {
        if (await accounts.FindAsync(order.AccountId, ct) is not { Account.Status: AcmeAccountStatus.Valid } account) return RenewalVerdict.End("The account that ordered was deactivated or revoked.");
        if (order.KeyHash is { } key && await compromised.ContainAsync(key, ct)) return RenewalVerdict.End("The certified key was reported as compromised.");
        var (identifiers, grants) = (order.Identifiers, (order.Grants ?? "").Split('\n'));
        List<CaaQuestion>? questions = null;
        for (var i = 0; i < identifiers.Count; i++)
        {
            var decision = await policy.DecideAsync(account.Account, account.Binding, identifiers[i], ct);
            if (decision.Refusal is { } refusal) return RenewalVerdict.Wait(refusal.Detail);
            var challenge = i < grants.Length ? grants[i] : "";
            if (challenge.Length == 0 && decision.Waiver is null) return RenewalVerdict.Wait($"{identifiers[i].Value} needed no challenge when it was ordered; what granted it is no longer in force.");
            if (challenge.Length > 0 && identifiers[i].Type is AcmeIdentifierType.Dns) (questions ??= []).Add(new CaaQuestion(identifiers[i].WithoutWildcard(), identifiers[i].IsWildcard, challenge));
        }

        return questions is null ? RenewalVerdict.Fine : await AskAsync(questions, links.Account(order.AccountId), ct);
    }

    private async Task<RenewalVerdict> AskAsync(List<CaaQuestion> questions, string accountUrl, CancellationToken ct)
    {
        try
        {
            await caa.RequireAsync(questions, accountUrl, ct);
            return RenewalVerdict.Fine;
        }
        catch (AcmeException refused)
        {
            return RenewalVerdict.Wait(refused.Subproblems is [var first, ..] ? first.Detail : refused.Message);
        }
    }
}
