namespace StarPortal.Core.Star;

/// <summary>What one round of the engine does with one order.</summary>
internal sealed class Renewal(StarOrder before, RenewalVerdict verdict)
{
    public StarOrder Before => before;

    public RenewalVerdict Verdict => verdict;

    /// <summary>The order as it shall be written; null: nothing of it is.</summary>
    public StarOrder? After { get; private set; }

    public List<StarCertificate> Certificates { get; } = [];

    public bool IsDelayed => verdict.Reason is not null || After is { Trouble: not null };

    public bool IsNewTrouble => After is { Trouble: not null } && before.Trouble is null;

    /// <summary>The slots that are due, in sequence.</summary>
    public void Sign(StarIssuer issuer, int most, DateTimeOffset now)
    {
        var after = before.Copy();
        if (!issuer.IsCurrent(after)) after.ChangeBody(issuer.MakeBody(after, after.PublicKeyInfo!));
        var (plan, body) = (after.Schedule!, after.CertificateBody!);
        for (var slot = after.NextSlot; slot < plan.SlotCount && plan[slot].NotBefore <= now && Certificates.Count < most; slot++)
            Certificates.Add(issuer.Sign(after, body, plan[slot], now));
        if (Certificates is [.., var last]) after.Advance(last.Slot);
        else after.AwaitNext(); // The clock was put back since it became due.
        After = after;
    }

    public void Delay(string reason, DateTimeOffset again, DateTimeOffset now)
    {
        Certificates.Clear();
        After = before.Copy();
        After.Delay(reason, again, now);
    }

    /// <summary>It was canceled, or another node issued the slot.</summary>
    public void Lose()
    {
        After = null;
        Certificates.Clear();
    }
}
