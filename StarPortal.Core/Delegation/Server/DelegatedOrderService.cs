using System.Globalization;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Acme;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Star;

namespace StarPortal.Core.Delegation;

/// <summary>What an order asks for before the delegation's limits (RFC 9115 2.3.2, 2.3.3).</summary>
/// <param name="Delegation">Null: the URL is none of ours.</param>
/// <param name="Renewal">Null: one certificate that does not renew itself.</param>
internal sealed record AskedDelegation(Guid? Delegation, IReadOnlyList<AcmeIdentifier> Identifiers, AskedRenewal? Renewal);

/// <summary>Order1 of RFC 9115: from newOrder to finalize. What follows is <see cref="DelegationEngine"/>'s.</summary>
internal sealed class DelegatedOrderService(IDbContextFactory<PortalDbContext> contexts, CsrGate gate, DelegatedIntake intake, DelegatedOrderBook book, TimeProvider clock)
{
    public const int PageSize = 50;

    private static readonly TimeSpan FinalizeWithin = TimeSpan.FromHours(24);

    /// <exception cref="AcmeException">unknownDelegation; rejectedIdentifier, with a subproblem for each name.</exception>
    public async Task<DelegatedOrder> PlaceAsync(AskedDelegation asked, KnownConsumer consumer, AcmeAccount account, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var delegation = await db.NameDelegations.AsNoTracking().FirstOrDefaultAsync(known => known.Id == asked.Delegation && known.ConsumerId == consumer.Id && known.State == DelegationState.Active, ct)
            ?? throw DelegationAcmeErrors.UnknownDelegation();
        intake.RequireTurn(consumer, consumer.Address);
        var findings = new TemplateNames(CsrTemplate.Parse(delegation.Template), delegation.NameList).Check(asked.Identifiers);
        if (findings.Count > 0) throw DelegationAcmeErrors.Rejected(findings);
        var now = clock.GetUtcNow();
        var order = DelegatedOrder.OfAcme(delegation, Limit(asked, delegation, now), account.Id, now + FinalizeWithin, now);
        return await intake.AddAsync(order, consumer, consumer.Actor, ct);
    }

    /// <summary>RFC 9115 2.3.2.1: a CSR that does not fit ends the order; one that does is kept until the CA has it.</summary>
    /// <exception cref="AcmeException">404; orderNotReady; 403 badCSR or rejectedIdentifier.</exception>
    public async Task<DelegatedOrder> FinalizeAsync(Guid id, byte[] csr, KnownConsumer consumer, AcmeAccount account, CancellationToken ct)
    {
        var order = await GetAsync(id, account, ct);
        if (order.Status is not DelegatedOrderStatus.Ready || order.ExpiresAt <= clock.GetUtcNow()) throw AcmeOrderErrors.OrderNotReady("The order is finalized, canceled or has run out. Place a new one.");
        await using var db = await contexts.CreateDbContextAsync(ct);
        var delegation = await db.NameDelegations.AsNoTracking().SingleAsync(known => known.Id == order.DelegationId, ct);
        var verdict = await gate.JudgeAsync(db, delegation, csr, ct);
        List<CsrFinding> findings = [.. verdict.Findings];
        if (verdict.Request is { } request) findings.AddRange(TemplateNames.Compare([.. order.NameList.Select(AcmeIdentifier.Dns)], request).Where(finding => !findings.Exists(known => known.DnsName == finding.DnsName && known.DnsName is not null)));
        return findings.Count == 0
            ? await SubmitAsync(order, verdict, delegation, consumer, ct)
            : throw await RefuseAsync(order, findings, consumer, ct);
    }

    /// <exception cref="AcmeException">404: no such order, or another account's.</exception>
    public async Task<DelegatedOrder> GetAsync(Guid id, AcmeAccount account, CancellationToken ct) =>
        await book.FindAsync(id, ct) is { } order && order.AccountId == account.Id ? order : throw AcmeErrors.NotFound();

    /// <summary>RFC 8555 7.1.2.1: a page of the account's orders, the newest first, without those that are invalid.</summary>
    public async Task<(IReadOnlyList<Guid> Ids, string? Next)> ListAsync(AcmeAccount account, string? cursor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await DelegationPages.ReadAsync(
            db.DelegatedOrders.AsNoTracking().Where(order => order.AccountId == account.Id && order.Status != DelegatedOrderStatus.Invalid)
                .OrderByDescending(order => order.CreatedAt).ThenBy(order => order.Id).Select(order => order.Id), cursor, PageSize, ct);
    }

    private static DelegatedTerms Limit(AskedDelegation asked, NameDelegation delegation, DateTimeOffset now)
    {
        List<string> names = [.. asked.Identifiers.Select(identifier => identifier.Value)];
        if (asked.Renewal is not { } renewal) return new DelegatedTerms(names, 0);
        var last = (renewal.StartDate ?? now).AddDays(delegation.MaxLifetime);
        return new DelegatedTerms(names, Math.Min(renewal.Lifetime, delegation.MaxValidity * 3600L))
        {
            StartDate = renewal.StartDate, EndDate = renewal.EndDate < last ? renewal.EndDate : DateTimeOffset.FromUnixTimeSeconds(last.ToUnixTimeSeconds()), LifetimeAdjust = renewal.LifetimeAdjust,
        };
    }

    private async Task<DelegatedOrder> SubmitAsync(DelegatedOrder order, CsrVerdict verdict, NameDelegation delegation, KnownConsumer consumer, CancellationToken ct)
    {
        var until = delegation.Approval is DelegationApproval.Person ? intake.ApproveBy : intake.GiveUpAt;
        var audit = book.Record(AuditAction.DelegatedOrderSubmitted, consumer.Actor, order, $"{DelegatedOrderDecisions.Describe(order)}, {verdict.Request!.KeyDescription}");
        return await book.TryChangeAsync(order, ready => ready.Submit(verdict.Encoded, verdict.Request.KeyHash, delegation.Approval, until, clock.GetUtcNow()), audit, ct,
            (db, submitted) => submitted.Status is DelegatedOrderStatus.Waiting ? intake.AnnounceAsync(submitted, db, ct) : Task.CompletedTask)
            ?? throw AcmeOrderErrors.OrderNotReady("The order was changed by another request at the same time. Ask for its state.");
    }

    private async Task<AcmeException> RefuseAsync(DelegatedOrder order, List<CsrFinding> findings, KnownConsumer consumer, CancellationToken ct)
    {
        var reason = string.Join(' ', findings.Select(finding => finding.Text));
        await book.TryChangeAsync(order, ready => ready.Fail(DelegationAcmeErrors.TypeOf(findings), reason, null, clock.GetUtcNow()), book.Record(AuditAction.DelegatedOrderFailed, consumer.Actor, order, string.Create(CultureInfo.InvariantCulture, $"{reason}")), ct);
        return DelegationAcmeErrors.Refused(findings);
    }
}
