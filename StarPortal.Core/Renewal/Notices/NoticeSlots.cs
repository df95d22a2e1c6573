namespace StarPortal.Core.Renewal;

/// <summary>When a certificate's holder is told that it ends: slots, named by their days, each so long before the end.</summary>
/// <param name="Days">The earliest first.</param>
/// <param name="FullScheduleFrom">Certificates that live shorter have everything in proportion.</param>
public sealed record NoticeSlots(IReadOnlyList<int> Days, TimeSpan FullScheduleFrom)
{
    public static NoticeSlots Of(RenewalOptions options) => new(options.Slots, options.FullScheduleFrom);

    /// <summary>The two last: who has muted notices still gets these, so that nobody's certificate ends unseen.</summary>
    public NoticeSlots LastTwo() => this with { Days = [.. Days.TakeLast(2)] };

    /// <summary>How long before its end the earliest slot of any certificate is.</summary>
    public TimeSpan LongestLead => TimeSpan.FromDays(Days[0]);

    /// <param name="days">One of <see cref="Days"/>.</param>
    /// <param name="validity">How long the certificate lives altogether.</param>
    public TimeSpan LeadOf(int days, TimeSpan validity) =>
        validity >= FullScheduleFrom ? TimeSpan.FromDays(days) : TimeSpan.FromDays(days) * (validity / FullScheduleFrom);

    /// <summary>When renewal opens: with the first slot.</summary>
    public DateTimeOffset OpensAt(DateTimeOffset notBefore, DateTimeOffset notAfter) => notAfter - LeadOf(Days[0], notAfter - notBefore);

    /// <summary>The newest slot that has begun: of those that were missed, none is made up for.</summary>
    /// <returns>Null: none yet, or it has ended.</returns>
    public int? FindDue(DateTimeOffset notBefore, DateTimeOffset notAfter, DateTimeOffset now)
    {
        if (now >= notAfter) return null;
        var begun = Days.Where(days => notAfter - LeadOf(days, notAfter - notBefore) <= now).ToList();
        return begun.Count == 0 ? null : begun.Min();
    }

    /// <returns>When the next slot begins; null: there is none any more.</returns>
    public DateTimeOffset? FindNext(DateTimeOffset notBefore, DateTimeOffset notAfter, DateTimeOffset now) => Days
        .Select(days => (DateTimeOffset?)(notAfter - LeadOf(days, notAfter - notBefore))).Where(at => at > now).Min();
}
