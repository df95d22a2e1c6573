using System.Globalization;
using StarPortal.Core.Authority;

namespace StarPortal.Core.Enrollment;

/// <summary>Whether an e-mail address is plausible. Only the confirmation mail proves that it is the person's.</summary>
public static class MailAddressRules
{
    private const string Field = nameof(EnrollmentForm.Email);

    private static readonly string[] WellKnown =
    [
        "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com", "protonmail.com", "proton.me", "gmx.de", "gmx.net",
        "web.de", "posteo.de", "mailbox.org", "aol.com", "mail.ru", "qq.com", "163.com",
    ];

    private static readonly HashSet<string> Disposable = new(StringComparer.Ordinal)
    {
        "10minutemail.com", "10minutemail.net", "anonbox.net", "burnermail.io", "discard.email", "dispostable.com", "emailondeck.com", "fakeinbox.com",
        "getairmail.com", "getnada.com", "guerrillamail.com", "guerrillamail.info", "guerrillamail.net", "guerrillamail.org", "inboxkitten.com", "maildrop.cc",
        "mailinator.com", "mailnesia.com", "mailsac.com", "mintemail.com", "moakt.com", "mohmal.com", "mytemp.email", "nada.email", "sharklasers.com",
        "spam4.me", "spamgourmet.com", "temp-mail.io", "temp-mail.org", "tempail.com", "tempmail.dev", "tempmailo.com", "throwawaymail.com", "trash-mail.com",
        "trashmail.com", "trashmail.de", "wegwerfemail.de", "yopmail.com", "yopmail.fr", "yopmail.net",
    };

    /// <summary>Trimmed, with the domain in lower-case ASCII (IDNA): what is kept, mailed to and certified.</summary>
    public static string Normalize(string? address)
    {
        var text = address?.Trim() ?? "";
        var at = text.LastIndexOf('@');
        if (at < 0 || text.Length > 300) return text;
        try
        {
            return $"{text[..at]}@{new IdnMapping { UseStd3AsciiRules = true }.GetAscii(text[(at + 1)..]).ToLowerInvariant()}";
        }
        catch (ArgumentException)
        {
            return text;
        }
    }

    /// <param name="address">Normalised.</param>
    /// <param name="organisationDomains">Where the organisation's people usually write from; empty: anywhere.</param>
    /// <param name="moreDisposable">Throw-away domains besides the built-in ones.</param>
    public static IEnumerable<Finding> Check(string address, IReadOnlyCollection<string> organisationDomains, IEnumerable<string> moreDisposable)
    {
        if (NameSyntax.FindProblem(SubjectAlternativeName.Email(address)) is not null || !address.Contains('.', StringComparison.Ordinal))
        {
            yield return EnrollmentFindings.Block(EnrollmentFindings.AddressSyntax, "This is not a complete e-mail address, such as ada@example.org.", Field);
            yield break;
        }

        var domain = address[(address.LastIndexOf('@') + 1)..];
        if (FindTypo(domain, organisationDomains) is { } meant)
            yield return EnrollmentFindings.Inform(EnrollmentFindings.AddressTypo, $"Did you mean @{meant}? The confirmation mail goes to @{domain}.", Field);
        if (IsWithin(domain, Disposable) || IsWithin(domain, moreDisposable))
            yield return EnrollmentFindings.Acknowledge(EnrollmentFindings.AddressDisposable, "This looks like a throw-away address: you would miss the mails about your certificate.", Field);
        else if (organisationDomains.Count > 0 && !IsWithin(domain, organisationDomains))
            yield return EnrollmentFindings.Acknowledge(EnrollmentFindings.AddressDomain,
                $"People of this organisation usually write from @{string.Join(" or @", organisationDomains.Take(3))}. With another address an officer needs more time to know you.", Field);
    }

    private static bool IsWithin(string domain, IEnumerable<string> domains) =>
        domains.Any(known => domain == known || domain.EndsWith($".{known}", StringComparison.Ordinal));

    private static string? FindTypo(string domain, IReadOnlyCollection<string> organisationDomains)
    {
        string[] known = [.. organisationDomains, .. WellKnown];
        return known.Contains(domain, StringComparer.Ordinal) ? null : known.FirstOrDefault(candidate => candidate.Length >= 6 && IsOneSlipAway(domain, candidate));
    }

    /// <summary>One letter more, less, changed or swapped with its neighbour.</summary>
    private static bool IsOneSlipAway(string typed, string meant)
    {
        if (Math.Abs(typed.Length - meant.Length) > 1) return false;
        var start = typed.AsSpan().CommonPrefixLength(meant);
        var a = typed.AsSpan(start);
        var b = meant.AsSpan(start);
        if (a.Length != b.Length) return a.Length > b.Length ? a[1..].SequenceEqual(b) : a.SequenceEqual(b[1..]);
        if (a.IsEmpty) return false;
        return a[1..].SequenceEqual(b[1..]) || (a.Length > 1 && a[0] == b[1] && a[1] == b[0] && a[2..].SequenceEqual(b[2..]));
    }
}
