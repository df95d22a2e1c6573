using System.Globalization;

namespace StarPortal.Core.Star;

/// <summary>A certificate with its chain as it is sent, its headers (RFC 8739 3.3) written out.</summary>
/// <param name="Pem">Of the chain, ASCII.</param>
internal sealed record ServedCertificate(byte[] Pem, string ETag, DateTimeOffset NotAfter, string NotBeforeText, string NotAfterText)
{
    public static ServedCertificate Of(byte[] pem, string serial, DateTimeOffset notBefore, DateTimeOffset notAfter) => new(pem, $"\"{serial}\"", notAfter, HttpDate(notBefore), HttpDate(notAfter));

    /// <summary>RFC 8739 3.4: a cache gives it up before it ends.</summary>
    /// <param name="fresh">Seconds for which nothing else is expected.</param>
    public string CacheControlAt(DateTimeOffset now, bool isPublic, long fresh = long.MaxValue) =>
        $"{(isPublic ? "public" : "private")}, must-revalidate, max-age={Math.Min(fresh, SecondsUntil(NotAfter, now))}";

    public static long SecondsUntil(DateTimeOffset then, DateTimeOffset now) => Math.Max(0, (then - now).Ticks / TimeSpan.TicksPerSecond);

    /// <summary>IMF-fixdate (RFC 9110 5.6.7).</summary>
    private static string HttpDate(DateTimeOffset time) => time.ToString("R", CultureInfo.InvariantCulture);
}
