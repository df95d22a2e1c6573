using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using StarPortal.Core.Audit;
using StarPortal.Core.Credentials;
using StarPortal.Core.Identity;
using StarPortal.Core.MyProxy;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Reliability.Year;

/// <summary>The books of the year: everything that lies in the tables and in the mailboxes against what people remember, by SQL and arithmetic of its own.</summary>
internal sealed partial class Books(Site site, SubscriberYear year)
{
    private const int Sample = 24;

    /// <summary>Where a removed person stays: the log, the inventory that OCSP and the CRL answer from, and the removal itself.</summary>
    private static readonly string[] Lasting = ["AuditRecords", "IssuedCertificates", "PersonRemovals"];

    /// <summary>Mails to officers that name somebody, kept for ninety days.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(100);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async Task CheckAsync()
    {
        await using var ledger = new Ledger(site.Look());
        var pages = await BookPages.ReadAsync(ledger);
        foreach (var person in year.People)
        {
            new PersonBook(person, pages, year.Begin, site.Clock.Now).Check();
            MailBook.Check(person, site.Post, pages);
        }

        Assert.Equal(year.People.Count + year.Officers.All.Count() - pages.Removals.SelectMany(of => of).Count(removal => removal.Text("Status") == "Done"), pages.Accounts.Count);
        MailBook.CheckOfficers(year, site.Post);
        await CheckOutboxAsync(ledger);
        await CheckAuditAsync(ledger);
        await CheckForgottenAsync(ledger, pages);
        await CheckPassphrasesAsync();
    }

    /// <summary>Nothing waits, nothing was given up but what nobody takes, and a mail was handed in twice only where a node died over it.</summary>
    private async Task CheckOutboxAsync(Ledger ledger)
    {
        foreach (var item in (await ledger.ReadAsync("Outbox")).Where(item => item.Text("Status") != "Done"))
            Assert.True(item.Text("Status") == "Dead" && item.Text("LastError") == "550 No such user here", $"{item.Text("Kind")} {item.Text("Key")}: {item.Text("Status")} {item.Text("LastError")}");
        Assert.All(await ledger.ReadAsync("JobRuns"), run => Assert.Contains(run.Text("Outcome"), (string[])["Succeeded", "Interrupted"]));
        Assert.InRange(site.Post.All.Sum(mail => mail.Arrivals - 1), 0, site.Deaths);
    }

    private async Task CheckAuditAsync(Ledger ledger)
    {
        await using (var db = site.Look()) await AuditLog.RequireIntactAsync(db);
        var counts = (await ledger.ReadAsync("AuditRecords")).CountBy(record => record.Text("Action")!).ToDictionary(StringComparer.Ordinal);
        foreach (var (action, what) in (IEnumerable<(AuditAction, What)>)
        [
            (AuditAction.CertificateRenewed, What.Renewed), (AuditAction.RenewalDeclined, What.Declined), (AuditAction.RenewalDeclineUndone, What.DeclineUndone), (AuditAction.DeviceReportedLost, What.ReportedLost),
            (AuditAction.RemovalBegun, What.RemovalBegun), (AuditAction.RemovalUndone, What.RemovalUndone), (AuditAction.RenewalNoticesMuted, What.Muted), (AuditAction.RecoveryConfirmed, What.RecoveryConfirmed),
        ])
            Assert.True(year.People.Sum(person => person.CountOf(what)) == counts.GetValueOrDefault(action.ToString()), $"{action}: {counts.GetValueOrDefault(action.ToString())}");
        Assert.Equal(site.Post.All.Count(mail => mail.Subject.StartsWith("Your certificate ends", StringComparison.Ordinal)), counts[nameof(AuditAction.RenewalNotified)]);
        Assert.Equal(site.Post.All.Count(mail => mail.Subject.StartsWith("This week in ", StringComparison.Ordinal)), counts[nameof(AuditAction.RenewalDigestSent)]);
    }

    /// <summary>No word of somebody who has been gone for longer than mails are remembered, in any table.</summary>
    private async Task CheckForgottenAsync(Ledger ledger, BookPages pages)
    {
        var gone = year.People.Where(person => pages.Removals[person.UserId].Any(removal => removal.At("EndedAt") < site.Clock.Now - Remembered && removal.Text("Status") == "Done")).ToList();
        Assert.NotEmpty(gone);
        var names = gone.SelectMany(person => (string[])[person.UserName, person.FullName, person.UserId.ToString()]).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var table in (await ledger.TablesAsync()).Except(Lasting, StringComparer.Ordinal))
        {
            if (table is "CertificateRenewals") continue; // Whose certificate it was: the inventory says the same.
            await foreach (var entry in ledger.EachAsync(table))
            {
                var found = entry.Texts.SelectMany(text => NamePattern().Matches(text)).FirstOrDefault(match => names.Contains(match.Value));
                Assert.True(found is null, $"{found?.Value} is still in {table}.");
            }
        }
    }

    /// <summary>Keys cost time to open: some people's.</summary>
    private async Task CheckPassphrasesAsync()
    {
        var now = site.Clock.Now;
        var people = year.People.Where(person => person is { IsBeingRemoved: false, IsLost: false } && person.Certificate!.NotAfter > now)
            .OrderByDescending(person => person.CountOf(What.PassphraseChanged) + person.CountOf(What.Recovered) + person.CountOf(What.Replaced)).ThenByDescending(person => person.CountOf(What.Renewed)).ToList();
        var chosen = people.Take(Sample / 2).Concat(people.TakeLast(Sample / 2)).Distinct();
        await Parallel.ForEachAsync(chosen, Ct, async (person, ct) =>
        {
            await site.Watch.Get<SignInService>().CheckPassphraseAsync(person.UserName, person.Passphrase, person.Visitor, ct);
            var file = await site.Watch.Get<DownloadService>().GetKeyAsync(person.Certificate!.SerialNumber, DownloadUse.Firefox, person.Passphrase, person.Actor, ct);
            using var certificate = X509CertificateLoader.LoadPkcs12(file.Content, person.Passphrase);
            Assert.Equal(person.Certificate.SerialNumber.ToString().TrimStart('0'), certificate.SerialNumber.TrimStart('0'), ignoreCase: true);
            using var downloaded = certificate.GetECDsaPrivateKey();
            Assert.Equal(PublicKeyOf(downloaded!), PublicKeyOf(await LogOnAsync(person, ct)));
        });
    }

    private async Task<AsymmetricAlgorithm> LogOnAsync(Subscriber person, CancellationToken ct)
    {
        using var request = new MyProxyRequest { Command = MyProxyCommand.Get, UserName = person.UserName, Passphrase = Encoding.UTF8.GetBytes(person.Passphrase) };
        var decision = await site.Watch.Get<LogonService>().DecideAsync(request, new MyProxyClient(null, IsLimited: false, person.Address), ct);
        return Assert.IsType<LogonDecision.Open>(decision).Credential.Key;
    }

    private static byte[] PublicKeyOf(AsymmetricAlgorithm key) => key.ExportSubjectPublicKeyInfo();

    [GeneratedRegex("person[0-9]{4}|[A-Z][a-z]{3}na [A-Z][a-z]{3}rsen|[0-9a-f]{8}-[0-9a-f-]{27}", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NamePattern();
}
