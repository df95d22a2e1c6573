using System.Text;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Approval;
using StarPortal.Core.Authority;
using StarPortal.Tests.Approval.ExternalCa;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Interop;

/// <summary>
/// A CA that is a script around openssl answers, signed, through Debian's dovecot: its delivery agent puts the mail into the Maildir; or into a mailbox, from which mbsync fetches
/// it by IMAP as docs/operating.md tells.
/// </summary>
[Trait("Category", "Interop")]
public sealed class MailDeliveryTests
{
    private const string DeliveryAgent = "/usr/lib/dovecot/dovecot-lda";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SignedAnswer_IsTaken_AsDovecotDeliversIt()
    {
        await using var scene = await CaScene.StartAsync("Signature");
        var (request, mail) = await scene.AskAsync();
        var answer = await AnswerAsync(scene.Ca, mail);
        scene.Portal.Clock.SetTo(TimeProvider.System.GetUtcNow()); // by which openssl dates

        await DeliverAsync(scene.Ca, scene.Ca.Maildir, answer, mail);
        Assert.Equal(1, scene.Ca.Waiting);
        await scene.ReadMailAsync();

        Assert.Equal(Issuers.External, Assert.Single(await scene.CertificatesAsync(request)).Issuer);
    }

    [Fact]
    public async Task Answer_IsTaken_AsMbsyncFetchesIt_AndIsFetchedOnce()
    {
        await using var scene = await CaScene.StartAsync("Token");
        var (request, mail) = await scene.AskAsync();
        var answer = await AnswerAsync(scene.Ca, mail);
        scene.Portal.Clock.SetTo(TimeProvider.System.GetUtcNow()); // by which openssl dates
        Directory.CreateDirectory(scene.Ca.Folder["mailbox"]);
        await DeliverAsync(scene.Ca, scene.Ca.Folder["mailbox"], answer, mail);
        var configuration = scene.Ca.Folder["mbsyncrc"];
        await File.WriteAllTextAsync(configuration, $"""
            IMAPStore mailbox
            Tunnel "/usr/lib/dovecot/imap -c {scene.Ca.Folder["dovecot.conf"]}"

            MaildirStore portal
            Inbox {scene.Ca.Maildir}

            Channel answers
            Far :mailbox:INBOX
            Near :portal:INBOX
            Sync Pull New
            SyncState *

            """, Ct);

        await AsNobodyAsync(scene.Ca, "mbsync", "-c", configuration, "answers");
        Assert.Equal(1, scene.Ca.Waiting);
        await scene.ReadMailAsync();
        await AsNobodyAsync(scene.Ca, "mbsync", "-c", configuration, "answers");

        Assert.Single(await scene.CertificatesAsync(request));
        Assert.Equal((0, 1), (scene.Ca.Waiting, scene.Ca.PutAway));
        await using var db = scene.Portal.NewDb();
        Assert.Equal(CaMailStatus.Issued, (await db.CaMails.SingleAsync(Ct)).Status);
    }

    /// <summary>What a CA's operator does with openssl alone.</summary>
    private static async Task<string> AnswerAsync(OutsideCa ca, SentMail request)
    {
        string File(string name) => ca.Folder[name];
        await System.IO.File.WriteAllTextAsync(File("request.pem"), request.Text[request.Text.IndexOf("-----BEGIN", StringComparison.Ordinal)..], Ct);
        await Tool.MustRunAsync("openssl", "x509", "-req", "-in", File("request.pem"), "-CA", File("issuing.pem"), "-CAkey", File("issuing.key"), "-CAcreateserial", "-copy_extensions", "copyall", "-days", "30", "-sha256", "-out", File("certificate.pem"));
        var text = $"Your certificate request has been processed successfully.\n\n{await System.IO.File.ReadAllTextAsync(File("certificate.pem"), Ct)}\n";
        await System.IO.File.WriteAllTextAsync(File("content.txt"), text, Ct);
        await Tool.MustRunAsync("openssl", "smime", "-sign", "-text", "-md", "sha256", "-in", File("content.txt"), "-signer", File("signer.pem"), "-inkey", File("signer.key"), "-out", File("answer.eml"),
            "-from", OutsideCa.Address, "-to", AddressOf(request), "-subject", "Your Certificate Request");
        return File("answer.eml");
    }

    private static async Task DeliverAsync(OutsideCa ca, string maildir, string message, SentMail request)
    {
        await File.WriteAllTextAsync(ca.Folder["dovecot.conf"], $"""
            mail_location = maildir:{maildir}
            log_path = /dev/stderr
            base_dir = {ca.Folder["run"]}
            state_dir = {ca.Folder["state"]}
            postmaster_address = postmaster@example.org
            recipient_delimiter = +
            lda_mailbox_autocreate = yes
            ssl = no

            """, Encoding.ASCII, Ct);
        await Tool.MustRunAsync("chmod", "-R", "a+rwX", ca.Folder.FullPath);
        await AsNobodyAsync(ca, DeliveryAgent, "-c", ca.Folder["dovecot.conf"], "-f", OutsideCa.Address, "-a", AddressOf(request), "-p", message);
    }

    /// <summary>Dovecot delivers no mail as root.</summary>
    private static async Task AsNobodyAsync(OutsideCa ca, string program, params string[] arguments)
    {
        string[] asNobody = string.Equals(Environment.UserName, "root", StringComparison.Ordinal) ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", program, .. arguments] : [program, .. arguments];
        var done = await Tool.RunAsync("env", [$"HOME={ca.Folder.FullPath}", "USER=nobody", .. asNobody]);
        done.Require(program);
    }

    private static string AddressOf(SentMail request) => new System.Net.Mail.MailAddress(request.Headers["From"]).Address;
}
