namespace StarPortal.Core.Star;

/// <summary>
/// When the certificates of a STAR order begin and end (RFC 8739 section 3.5). Certificates know no fractions of seconds, so a start is rounded up,
/// an end down and the padding up: nothing is valid before the start or past the end, and the next certificate is never late for the half.
/// </summary>
public sealed record AutoRenewal
{
    /// <summary>f = 1/2: the padding is at least the lifetime divided by this.</summary>
    private const int FractionDivisor = 2;

    private readonly long start;

    private readonly long end;

    /// <param name="start">An order that starts as soon as it can starts now, cut to the second: rounded up, its first certificate would not be valid yet.</param>
    /// <param name="lifetime">Seconds, above 0.</param>
    /// <param name="lifetimeAdjust">Seconds, 0 or more; what is above the lifetime counts as the lifetime.</param>
    /// <exception cref="ArgumentOutOfRangeException">No whole second lies between start and end, or a number is out of its range.</exception>
    public AutoRenewal(DateTimeOffset start, DateTimeOffset end, long lifetime, long lifetimeAdjust = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lifetime);
        ArgumentOutOfRangeException.ThrowIfNegative(lifetimeAdjust);
        this.start = start.ToUnixTimeSeconds() + (start.UtcTicks % TimeSpan.TicksPerSecond == 0 ? 0 : 1);
        this.end = end.ToUnixTimeSeconds();
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(this.start, this.end, nameof(start));
        (Lifetime, LifetimeAdjust) = (lifetime, lifetimeAdjust);
    }

    public DateTimeOffset Start => DateTimeOffset.FromUnixTimeSeconds(start);

    public DateTimeOffset End => DateTimeOffset.FromUnixTimeSeconds(end);

    /// <summary>T, in seconds.</summary>
    public long Lifetime { get; }

    /// <summary>la, in seconds, as asked.</summary>
    public long LifetimeAdjust { get; }

    /// <summary>How long before its nominal renewal date a certificate begins, in seconds. At most the lifetime.</summary>
    public long Padding => PaddingOf(Lifetime, LifetimeAdjust);

    /// <summary>How many nominal renewal dates lie before the end; at least 1.</summary>
    public long SlotCount => (end - start - 1) / Lifetime + 1;

    /// <exception cref="ArgumentOutOfRangeException">The order has no such slot.</exception>
    public Slot this[long index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, SlotCount);
            var due = start + index * Lifetime;
            var notBefore = index == 0 ? start : due - Padding; // Section 3.5: the first MUST NOT begin before the start.
            var notAfter = Lifetime < end - due ? due + Lifetime : end;
            return new Slot(index, DateTimeOffset.FromUnixTimeSeconds(due), DateTimeOffset.FromUnixTimeSeconds(notBefore), DateTimeOffset.FromUnixTimeSeconds(notAfter));
        }
    }

    /// <summary>The certificate that is the published one at the instant: the last that has begun. Null before the start and past the end.</summary>
    /// <remarks>With a padding of the whole lifetime the first two begin together, and the second is the published one.</remarks>
    public Slot? SlotAt(DateTimeOffset instant)
    {
        if (instant < Start || instant > End) return null;
        if (SlotCount == 1) return this[0]; // Else the lifetime is shorter than the order, and the sum below cannot overflow.
        return this[Math.Min((instant.ToUnixTimeSeconds() - start + Padding) / Lifetime, SlotCount - 1)];
    }

    /// <summary>The first certificate that begins after the instant; null when none will.</summary>
    public Slot? NextAfter(DateTimeOffset instant)
    {
        if (instant < Start) return this[0];
        return SlotAt(instant) is { } current && current.Index + 1 < SlotCount ? this[current.Index + 1] : null;
    }

    /// <summary>Of the last certificate that has begun at the instant, also past the end; -1: none has.</summary>
    internal long IndexAt(DateTimeOffset instant) => instant < Start ? -1 : instant > End ? SlotCount - 1 : SlotAt(instant)!.Value.Index;

    /// <summary>max(min(T, la), f * T), in seconds.</summary>
    internal static long PaddingOf(long lifetime, long lifetimeAdjust) =>
        Math.Max(Math.Min(lifetime, lifetimeAdjust), lifetime / FractionDivisor + lifetime % FractionDivisor);
}
