using Microsoft.Extensions.Options;

namespace StarPortal.Core.Acme;

/// <summary>Keeps one account's attempts from taking all of this node: what is over its share waits here, without a worker, until one of its own ends.</summary>
public sealed class ValidationShares(IOptions<AcmeOptions> options)
{
    private readonly int share = ValidationSlots.ShareOf(options.Value);
    private readonly Dictionary<Guid, Account> accounts = [];

    /// <returns>Whether to make it now; false: <see cref="End"/> of another one gives it back.</returns>
    internal bool TryBegin(LeasedAttempt leased)
    {
        lock (accounts)
        {
            if (!accounts.TryGetValue(leased.Authorization.AccountId, out var account)) accounts[leased.Authorization.AccountId] = account = new Account();
            if (account.Running < share)
            {
                account.Running++;
                return true;
            }

            account.Waiting.Enqueue(leased);
            return false;
        }
    }

    /// <summary>Call it when an attempt that was begun is over.</summary>
    /// <returns>One of the same account that has begun in its place; null: none waits.</returns>
    internal LeasedAttempt? End(LeasedAttempt ended)
    {
        lock (accounts)
        {
            var account = accounts[ended.Authorization.AccountId];
            if (account.Waiting.TryDequeue(out var next)) return next;
            if (--account.Running == 0) accounts.Remove(ended.Authorization.AccountId);
            return null;
        }
    }

    private sealed class Account
    {
        public Queue<LeasedAttempt> Waiting { get; } = [];

        public int Running { get; set; }
    }
}
