namespace StarPortal.Core.Star;

/// <summary>When to ask for the certificate again. Pure: the random number comes as an argument, from 0 up to 1, and spreads a fleet.</summary>
public static class FetchSchedule
{
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromHours(1);

    /// <summary>A server that asks for more is asked after this: what it wants may be a slip.</summary>
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromDays(1);

    /// <summary>
    /// What the server says is fresh is asked for again when it no longer is, within the tenth of the life that is left then: all of a fleet are told the
    /// same instant, at which the next certificate comes. Without such word, or with one that leaves less than a quarter of the remaining life,
    /// it is between half and two thirds of the remaining life.
    /// </summary>
    public static DateTimeOffset AfterSuccess(AnswerHints hints, CertificateLife life, DateTimeOffset now, double random)
    {
        var ends = hints.CertNotAfter is { } told && told < life.NotAfter ? told : life.NotAfter; // The two MUST be equal; a doubt is settled by asking sooner.
        var left = ends - now;
        var wait = hints.Fresh is { } fresh && fresh <= left * 0.75
            ? fresh + (left - fresh) * (random / 10)
            : left * (1 / 2.0 + random / 6);
        return Later(now, Longer(wait, Shortest(life)));
    }

    /// <summary>Twice as long after each failure, up to an hour or an eighth of what is left of the certificate in hand; half of it by chance.</summary>
    /// <param name="failures">How many there were in a row, from 1.</param>
    /// <param name="held">The certificate in hand; null when there is none.</param>
    public static DateTimeOffset AfterFailure(int failures, TimeSpan? retryAfter, CertificateLife? held, DateTimeOffset now, double random)
    {
        var step = held is { } life ? Shortest(life) : TimeSpan.FromSeconds(10);
        var backOff = Shorter(step * Math.Pow(2, Math.Clamp(failures - 1, 0, 20)), Ceiling(held, now));
        var wait = backOff * (0.5 + random / 2);
        if (retryAfter is not { } asked) return Later(now, wait);
        return Later(now, Longer(wait, Shorter(asked, LongestRetryAfter) * (1 + random / 10)));
    }

    /// <summary>A hundredth of the certificate's whole life, but not less than a second nor more than a minute: nobody is asked more often.</summary>
    private static TimeSpan Shortest(CertificateLife life) => Within(life.Length / 100, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

    private static TimeSpan Ceiling(CertificateLife? held, DateTimeOffset now) => held is { } life
        ? Within((life.NotAfter - now) / 8, Within(life.Length / 10, Shortest(life), TimeSpan.FromMinutes(15)), LongestBackOff)
        : LongestBackOff;

    private static TimeSpan Within(TimeSpan value, TimeSpan least, TimeSpan most) => Shorter(Longer(value, least), most);

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static DateTimeOffset Later(DateTimeOffset now, TimeSpan wait) => wait < DateTimeOffset.MaxValue - now ? now + wait : DateTimeOffset.MaxValue;
}
