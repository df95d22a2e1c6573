using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Mail;
using StarPortal.Core.Registry;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Reliability;

/// <summary>Every link of every mail that the product sends, as mail scanners and previews open it.</summary>
[Trait("Category", "Browser")]
public sealed partial class EveryMailedLinkTests
{
    /// <summary>
    /// Sent when the CA does not sign, or is not ours; the links are those of <c>vote-needed</c> and <c>request-in-queue</c>, or pages that show and do nothing. <c>mail/test</c> is an
    /// administrator's trial.
    /// </summary>
    private static readonly string[] NotSentHere = ["approval/ca-mail", "approval/ca-request", "approval/ca-silent", "approval/issuing-delayed", "approval/not-issued", "mail/test"];

    [Fact]
    public async Task Link_ChangesNothingAndTellsNobody_HoweverItIsOpened()
    {
        await using var browser = new Support.Browser();
        await browser.InitializeAsync();
        await using var portal = await PortalApplication.StartAsync(new Dictionary<string, string>(
            LinkFixture.Settings.Concat(DelegationTroubleScene.Settings).Concat(RenewalMailing.Settings), StringComparer.Ordinal) { ["Approval:OfficersRequired:person"] = "2" });
        await SendEveryMailAsync(portal);
        await RequireEveryTemplateAsync(portal);

        var probe = new LinkProbe(portal, browser);
        List<string> faults = [];
        foreach (var link in portal.Mails.SelectMany(mail => mail.Links).DistinctBy(link => link.AbsolutePath)) faults.AddRange(await probe.OpenInEveryWayAsync(link));
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    /// <summary>A life of the portal in which everything happens that somebody is told of by mail.</summary>
    private static async Task SendEveryMailAsync(PortalApplication portal)
    {
        using PlainBrowser officer = new(portal), administrator = new(portal);
        await officer.SignInAsync(portal.PersonaOf("officer"));
        await administrator.SignInAsync(portal.PersonaOf("administrator"));

        using var forgotten = await RequestScene.AskAsync(portal, "forgotten");
        using var waiting = await RequestScene.AskAndConfirmAsync(portal, "waiting");
        await waiting.DoAsync("nudge");
        using var rejected = await RequestScene.AskAndConfirmAsync(portal, "rejected");
        await rejected.DecideAsync(officer, "hold", ("Hold.Question", "Which project?"));
        await rejected.DoAsync("answer", ("Input.Answer", "Fusion"));
        await rejected.DecideAsync(officer, "reject", ("Reject.Code", "Other"), ("Reject.Text", "Please see us first."));
        using var withdrawn = await RequestScene.AskAndConfirmAsync(portal, "withdrawn");
        await withdrawn.DoAsync("withdraw");
        using var issued = await RequestScene.AskAndConfirmAsync(portal, "issued");
        await issued.DecideAsync(officer, "approve");
        await issued.DecideAsync(administrator, "approve");
        await portal.WaitForMailAsync(issued.Email, "/account/certificates/");
        await UsePassphrasesAsync(portal, issued);
        await RevokeAsync(issued);
        await RemoveAndUndoAsync(officer, "issued");
        await Invitations.InviteAsync(administrator, "invited");

        await AskForAccessAsync(portal, officer);
        await ClaimDomainAsync(portal, administrator);
        await DelegationTroubleScene.AskAsync(portal);
        await DelegationTroubleScene.RunOutAsync(portal);
        await DelegationTroubleScene.WithdrawAsync(administrator);

        using var renewals = new RenewalMailing(portal, officer, administrator);
        await renewals.IssueAsync();
        await WindAsync(administrator, days: 5);
        await WindAsync(administrator, days: 16);
        await renewals.AnswerAsync();
        await WindAsync(administrator, days: 14);
        await DelegationTroubleScene.EndAsync(portal);
        using var fresh = await RequestScene.AskAsync(portal, "fresh"); // with a link that is still good
        await Invitations.InviteAsync(administrator, "invited-too");
        await portal.WaitUntilQuietAsync();
    }

    /// <summary>Hint, change, and a recovery whose link is looked at and not used: the passphrase stays.</summary>
    private static async Task UsePassphrasesAsync(PortalApplication portal, RequestScene issued)
    {
        const string New = "copper meadow zeppelin nine";
        Dictionary<string, string> Fields(params (string Name, string Value)[] fields) => fields.Append(("UserName", "issued")).ToDictionary(field => $"Input.{field.Item1}", field => field.Item2, StringComparer.Ordinal);

        using PlainBrowser visitor = new(portal);
        await visitor.SendAsync("/password/hint", "hint", Fields());
        await visitor.SendAsync("/password/forgotten", "forgotten", Fields(("Passphrase", New), ("PassphraseAgain", New)));
        await portal.WaitForMailAsync(issued.Email, "/password/forgotten/");
        var page = await visitor.SendAsync("/password/change", "change", Fields(("OldPassphrase", AskedRequest.Passphrase), ("Passphrase", New), ("PassphraseAgain", New)));
        Assert.Contains("Your passphrase is changed", page.Text, StringComparison.Ordinal);
        await visitor.SendAsync("/password/change", "change", Fields(("OldPassphrase", New), ("Passphrase", AskedRequest.Passphrase), ("PassphraseAgain", AskedRequest.Passphrase)));
    }

    private static async Task RemoveAndUndoAsync(PlainBrowser officer, string userName)
    {
        var page = await officer.SendAsync($"/ra/people/{userName}", "remove", new Dictionary<string, string>(StringComparer.Ordinal) { ["Input.Reason"] = "Has left" });
        Assert.Contains("done=begun", page.Address.Query, StringComparison.Ordinal);
        page = await officer.SendAsync($"/ra/people/{userName}", "undo");
        Assert.Contains("done=undone", page.Address.Query, StringComparison.Ordinal);
    }

    private static async Task RevokeAsync(RequestScene issued)
    {
        await issued.SignInAsync();
        var page = await issued.Person.OpenAsync($"{issued.CertificateLink}/revoke");
        var cause = page.Form("revoke").QuerySelector("input[name='Input.Cause']")!.GetAttribute("value")!;
        await issued.Person.SendAsync(PlainBrowser.Fill(page, "revoke", new Dictionary<string, string>(StringComparer.Ordinal) { ["Input.Cause"] = cause }));
    }

    /// <summary>Of two who ask for the demo's resource one is granted it, the other refused.</summary>
    private static async Task AskForAccessAsync(PortalApplication portal, PlainBrowser officer)
    {
        using PlainBrowser owner = new(portal);
        await owner.SignInAsync(portal.PersonaOf("owner"));
        await using var db = portal.NewDb();
        var resource = await db.RegistryResources.Where(row => row.Name == "transp").Select(row => row.Id).SingleAsync(TestContext.Current.CancellationToken);
        await officer.SendAsync("/registry", $"ask-{resource}", new Dictionary<string, string>(StringComparer.Ordinal) { ["Input.Reason"] = "To look after it" });
        var waiting = await db.AccessRequests.Where(row => row.ResourceId == resource && row.OpenUserId != null).Select(row => row.Id).ToListAsync(TestContext.Current.CancellationToken);
        await owner.SendAsync($"/registry/resources/{resource}", $"grant-{waiting[0]}");
        await owner.SendAsync($"/registry/resources/{resource}", $"refuse-{waiting[1]}", new Dictionary<string, string>(StringComparer.Ordinal) { ["Input.Answer"] = "No room" });
    }

    private static async Task ClaimDomainAsync(PortalApplication portal, PlainBrowser administrator)
    {
        using PlainBrowser owner = new(portal);
        await owner.SignInAsync(portal.PersonaOf("owner"));
        await owner.SendAsync("/acme/namespaces", "ask-namespace", new Dictionary<string, string>(StringComparer.Ordinal) { ["Input.Suffix"] = "links.example.org" });
        var list = await administrator.OpenAsync("/admin/acme/namespaces?q=links.example.org&state=Asked");
        var decide = list.Document.QuerySelector("tbody a")!.GetAttribute("href")!;
        await administrator.SendAsync(decide, "refuse", new Dictionary<string, string>(StringComparer.Ordinal) { ["Refusal.Reason"] = "It is not yours." });
    }

    /// <summary>A few days at a time: what each of them brings is done before the page answers.</summary>
    private static async Task WindAsync(PlainBrowser administrator, int days)
    {
        const int Most = 3;
        for (; days > 0; days -= Most)
        {
            var page = await administrator.SendAsync("/demo/clock", "wind", new Dictionary<string, string>(StringComparer.Ordinal) { ["Input.Hours"] = $"{Math.Min(days, Most) * 24}" });
            Assert.Contains("failed=0", page.Address.Query, StringComparison.Ordinal);
        }
    }

    /// <summary>Whoever adds a mail has to have it sent here, or its links go unseen.</summary>
    private static async Task RequireEveryTemplateAsync(PortalApplication portal)
    {
        await using var rooms = await TestPortal.StartAsync();
        var subjects = portal.Mails.Select(mail => mail.Subject).ToList();
        var unseen = rooms.Get<MailTemplates>().All.Where(template => !subjects.Any(subject => IsOf(template, subject))).Select(template => template.Name);
        Assert.Equal(NotSentHere.Order(StringComparer.Ordinal), unseen.Order(StringComparer.Ordinal));
    }

    private static bool IsOf(MailTemplate template, string subject) =>
        Regex.IsMatch(subject, $"^{string.Join(".*", Placeholder().Split(template.Subject).Select(Regex.Escape))}$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    [GeneratedRegex(@"\{\{[^}]*\}\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Placeholder();
}
