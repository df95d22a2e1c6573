using System.Globalization;
using System.Text;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Renewal;

/// <summary>The ends of certificates for a calendar (RFC 5545), each with an alarm a week before. It holds no link that could do anything.</summary>
internal static class CalendarFile
{
    public const string ContentType = "text/calendar; charset=utf-8";

    private const int MaxOctets = 75;

    /// <summary>The same certificate has the same UID in every mail: a calendar keeps one entry of it.</summary>
    public static byte[] Write(IEnumerable<EndingCertificate> certificates, PortalOptions portal, DateTimeOffset now)
    {
        var text = new StringBuilder();
        Line(text, "BEGIN:VCALENDAR");
        Line(text, "VERSION:2.0");
        Line(text, $"PRODID:-//{Escape(portal.Name)}//Renewal//EN");
        foreach (var certificate in certificates) Event(text, certificate, portal, now);
        Line(text, "END:VCALENDAR");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Event(StringBuilder text, EndingCertificate certificate, PortalOptions portal, DateTimeOffset now)
    {
        Line(text, "BEGIN:VEVENT");
        Line(text, $"UID:certificate-{certificate.SerialNumber}@{portal.BaseUrl.Host}");
        Line(text, $"DTSTAMP:{Utc(now)}");
        Line(text, $"DTSTART:{Utc(certificate.NotAfter)}");
        Line(text, $"SUMMARY:{Escape($"Your certificate ends: {certificate.Subject}")}");
        Line(text, $"DESCRIPTION:{Escape($"Renew it before, on your account page: {portal.Link("/account")}")}");
        Line(text, "TRANSP:TRANSPARENT");
        Line(text, "BEGIN:VALARM");
        Line(text, "ACTION:DISPLAY");
        Line(text, $"DESCRIPTION:{Escape("Your certificate ends in a week")}");
        Line(text, "TRIGGER:-P7D");
        Line(text, "END:VALARM");
        Line(text, "END:VEVENT");
    }

    private static string Utc(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>RFC 5545 3.3.11.</summary>
    private static string Escape(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(";", "\\;", StringComparison.Ordinal)
        .Replace(",", "\\,", StringComparison.Ordinal).ReplaceLineEndings("\\n");

    /// <summary>Folded at 75 octets, never within a character (RFC 5545 3.1).</summary>
    private static void Line(StringBuilder text, string line)
    {
        var octets = 0;
        foreach (var rune in line.EnumerateRunes())
        {
            if (octets + rune.Utf8SequenceLength > MaxOctets)
            {
                text.Append("\r\n ");
                octets = 1;
            }

            text.Append(rune.ToString());
            octets += rune.Utf8SequenceLength;
        }

        text.Append("\r\n");
    }
}
