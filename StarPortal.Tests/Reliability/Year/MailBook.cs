using System.Globalization;

namespace StarPortal.Tests.Reliability.Year;

/// <summary>Every mailbox against the diaries: each mail that has to be there, once, and no other.</summary>
internal static class MailBook
{
    private const string Notice = "Your certificate ends";
    private const string Forgotten = "Confirm that you have forgotten your passphrase";

    public static void Check(Subscriber person, PostOffice post, BookPages pages)
    {
        var mails = post.Of(person.Email).Select(mail => mail.Subject.StartsWith(Notice, StringComparison.Ordinal) ? Notice : mail.Subject).CountBy(subject => subject).ToDictionary(StringComparer.Ordinal);
        var notices = pages.Certificates[person.UserId].SelectMany(certificate => pages.Notices[certificate.Id("Id")]).Count();
        var asked = person.CountOf(What.RecoveryAsked);
        Assert.True(mails.GetValueOrDefault(Forgotten) is var confirmations && (asked == 0 ? confirmations == 0 : confirmations >= 1 && confirmations <= asked), $"{person.UserName} asked {asked} times and got {confirmations} links to recover by.");
        mails.Remove(Forgotten);

        var expected = new Dictionary<string, int>(StringComparer.Ordinal)
        {
            ["Confirm your e-mail address for your certificate request"] = person.CountOf(What.Enrolled),
            ["Your certificate is ready"] = person.CountOf(What.Issued) + person.CountOf(What.Recovered) + person.CountOf(What.Replaced),
            [Notice] = notices,
            ["Your certificate is renewed"] = person.CountOf(What.Renewed),
            ["You get no more mails about your certificate"] = person.CountOf(What.Declined),
            ["Your passphrase has been changed"] = person.CountOf(What.PassphraseChanged),
            ["Your certificate request was not approved"] = person.CountOf(What.RecoveryRejected),
            ["Your account is being removed"] = person.CountOf(What.RemovalBegun),
            ["Your account is not removed"] = person.CountOf(What.RemovalUndone),
        };
        Assert.True(Print(expected) == Print(mails), $"{person.UserName} should have got\n{Print(expected)}\nand got\n{Print(mails)}\n{string.Join('\n', person.Diary)}");
    }

    /// <summary>Officers: each request and each refusal of their people once, and one digest a week at most.</summary>
    public static void CheckOfficers(SubscriberYear year, PostOffice post)
    {
        foreach (var officer in year.Officers.All)
        {
            var people = year.People.Where(person => year.Officers.Of(person).Id == officer.Id).ToList();
            var mails = post.Of($"{officer.Name}@example.org");
            Assert.Equal(people.Sum(person => person.CountOf(What.Enrolled) + person.CountOf(What.RecoveryConfirmed) + person.CountOf(What.ReplacementAsked)), Count("Request in queue: "));
            Assert.Equal(people.Sum(person => person.CountOf(What.Declined)), mails.Count(mail => mail.Subject.EndsWith(" does not renew", StringComparison.Ordinal)));
            var weeks = mails.Where(mail => mail.Subject.StartsWith("This week in ", StringComparison.Ordinal)).Select(mail => (ISOWeek.GetYear(mail.At.UtcDateTime), ISOWeek.GetWeekOfYear(mail.At.UtcDateTime))).ToList();
            Assert.Equal(weeks.Distinct(), weeks);
            Assert.NotEmpty(weeks);

            int Count(string prefix) => mails.Count(mail => mail.Subject.StartsWith(prefix, StringComparison.Ordinal));
        }
    }

    private static string Print(IReadOnlyDictionary<string, int> counts) =>
        string.Join('\n', counts.Where(pair => pair.Value > 0).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"  {pair.Value} x {pair.Key}"));
}
