namespace StarPortal.Tests.Reliability.Year;

/// <summary>Which notices of a certificate there have to be: each night of the year looked at by itself, from the diary.</summary>
internal sealed class NoticeReplay(Subscriber person, Entry certificate, IReadOnlyList<Entry> all, DateTimeOffset? removedAt)
{
    private static readonly int[] Slots = [45, 30, 14, 7, 3, 1];

    /// <summary>All that somebody gets who has asked for silence.</summary>
    private static readonly int[] LastTwo = [3, 1];

    private readonly Guid id = certificate.Id("Id")!.Value;
    private readonly DateTimeOffset end = certificate.At("NotAfter")!.Value;

    public IReadOnlyList<(int Slot, DateTime Day)> Nights(DateTimeOffset begin, DateTimeOffset now)
    {
        List<(int Slot, DateTime Day)> told = [];
        for (var night = begin.AddHours(2); night <= now; night = night.AddDays(1))
        {
            if (night < certificate.At("IssuedAt") || night >= end || IsSilent(night)) continue;
            var begun = (Happened(What.Muted, night, ofThis: false) ? LastTwo : Slots).Where(slot => end.AddDays(-slot) <= night).ToList();
            if (begun.Count > 0 && !told.Exists(one => one.Slot == begun.Min())) told.Add((begun.Min(), night.Date));
        }

        return told;
    }

    private bool IsSilent(DateTimeOffset night) =>
        certificate.At("RevokedAt") <= night || removedAt <= night
        || Happened(What.Renewed, night, ofThis: true)
        || Since(What.Declined, What.DeclineUndone, night, ofThis: true) || Since(What.RemovalBegun, What.RemovalUndone, night, ofThis: false)
        || all.Any(other => other.At("IssuedAt") > certificate.At("IssuedAt") && other.At("IssuedAt") <= night && other.At("NotAfter") > end && !(other.At("RevokedAt") <= night));

    private bool Happened(What what, DateTimeOffset until, bool ofThis) => Find(what, until, ofThis) is not null;

    /// <summary>Begun, and not taken back since.</summary>
    private bool Since(What begun, What undone, DateTimeOffset until, bool ofThis) => Find(begun, until, ofThis) is { } began && !(Find(undone, until, ofThis) >= began);

    private DateTimeOffset? Find(What what, DateTimeOffset until, bool ofThis) =>
        person.Diary.LastOrDefault(deed => deed.What == what && deed.At <= until && (!ofThis || deed.Certificate == id))?.At;
}
