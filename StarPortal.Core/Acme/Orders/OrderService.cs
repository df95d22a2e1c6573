using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;

namespace StarPortal.Core.Acme;

/// <summary>newOrder and the order resource (RFC 8555 7.4).</summary>
public sealed class OrderService(OrderIntake intake, OrderStore store, OrderShelf shelf, OrderReplacement replacement, AttemptsUnderWay underWay, TimeProvider clock)
{
    /// <summary>Checks the whole order before anything of it is kept.</summary>
    /// <exception cref="AcmeException">Whatever the order cannot be granted for; several identifiers at once as subproblems.</exception>
    public async Task<OrderView> SubmitAsync(AcmeCaller caller, NewOrder asked, CancellationToken ct)
    {
        var granted = await intake.ExamineAsync(caller, asked, ct);
        var now = clock.GetUtcNow();
        var order = AcmeOrder.Of(asked, granted.Terms, granted.Authorizations.All, now);
        try
        {
            await store.AddAsync(order, granted.Authorizations.Added, rows =>
            {
                asked.Extension?.AddTo(rows, order);
                rows.Insert(AuditRecord.Of(AuditAction.AcmeOrderPlaced, caller.Actor, "acme-order", order.Id, now, Describe(order, granted.Authorizations.All)));
            });
        }
        catch (DbUpdateException) when (asked.Replaces is not null)
        {
            if (await replacement.FindRefusalAsync(caller.Account.Id, asked, ct) is { } refusal) throw refusal; // Somebody else was faster, and this says so.
            throw; // The database has another problem.
        }

        return OrderView.At(now, order, granted.Authorizations.All);
    }

    /// <exception cref="AcmeException">404: no such order, or another account's.</exception>
    public async ValueTask<OrderView> GetAsync(AcmeAccount account, Guid orderId, CancellationToken ct)
    {
        var order = await shelf.FindOrderAsync(orderId, ct);
        if (order?.AccountId != account.Id) throw AcmeErrors.NotFound();
        return OrderView.At(clock.GetUtcNow(), order, await shelf.AuthorizationsOfAsync(order, ct));
    }

    /// <summary>As above, but after the attempts that are under way, unless they take long (RFC 8555 7.4: the client polls).</summary>
    /// <exception cref="AcmeException">404.</exception>
    public async ValueTask<OrderView> PollAsync(AcmeAccount account, Guid orderId, CancellationToken ct)
    {
        var view = await GetAsync(account, orderId, ct);
        if (view.Status is not AcmeOrderStatus.Pending) return view;
        var waited = await Task.WhenAll(view.Authorizations.Select(authorization => underWay.WaitAsync(authorization, ct).AsTask()));
        return waited.Contains(true) ? await GetAsync(account, orderId, ct) : view;
    }

    private static string Describe(AcmeOrder order, IReadOnlyList<AcmeAuthorization> authorizations)
    {
        var names = order.Names.Replace('\n', ' ');
        return authorizations[0].Waiver is { } waiver ? $"{order.Profile}: {names}, granted by {waiver}" : $"{order.Profile}: {names}";
    }
}
