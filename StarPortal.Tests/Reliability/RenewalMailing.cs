using StarPortal.Tests.Support;

namespace StarPortal.Tests.Reliability;

/// <summary>Three people's certificates come to their end, so that every mail about renewing is sent.</summary>
internal sealed class RenewalMailing(PortalApplication portal, PlainBrowser officer, PlainBrowser administrator) : IDisposable
{
    /// <summary>Certificates that end within a test's month, and officers who have to answer once in it.</summary>
    public static IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Authority:Profiles:person:Validity"] = "30.00:00:00", ["Renewal:EntitlementInterval"] = "20.00:00:00", ["Renewal:EntitlementNotice"] = "1.00:00:00",
    };

    private readonly List<RequestScene> people = [];

    /// <summary>Each gets a certificate.</summary>
    public async Task IssueAsync()
    {
        foreach (var name in (string[])["renews", "declines", "moves"])
        {
            var person = await RequestScene.AskAndConfirmAsync(portal, name);
            await person.DecideAsync(officer, "approve");
            await person.DecideAsync(administrator, "approve");
            await portal.WaitForMailAsync(person.Email, "/account/certificates/");
            people.Add(person);
        }
    }

    /// <summary>Once their notices are there.</summary>
    public async Task AnswerAsync()
    {
        var (renews, declines, moves) = (people[0], people[1], people[2]);
        RequireText("An officer has been asked", await RenewAsync(renews));
        RequireText("Noted: they are yours.", await AnswerAboutAsync("renews", "yes"));
        await portal.WaitUntilQuietAsync();
        RequireText("Your certificate is renewed", await RenewAsync(renews));
        RequireText("You get no more mails about it", await declines.Person.SendAsync(LinkTo(declines, "/decline/"), "decline"));
        RequireText("Confirm your new address first", await RenewAsync(moves, ("Input.Email", "moved@example.org")));
        await portal.WaitForMailAsync("moved@example.org", "/address/");
        var address = portal.Mails.Last(mail => mail.To.Contains("moved@example.org", StringComparison.Ordinal)).LinkTo("/address/");
        RequireText("Renew your certificate", await moves.Person.SendAsync(address.ToString(), "confirm"));
        await AnswerAboutAsync("declines", "no");
    }

    public void Dispose() => people.ForEach(person => person.Dispose());

    private Task<HtmlPage> RenewAsync(RequestScene person, params (string Field, string Value)[] values) => person.Person.SendAsync(LinkTo(person, "/renew/"), "renew",
        values.Append(("Input.Passphrase", AskedRequest.Passphrase)).ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal));

    private async Task<HtmlPage> AnswerAboutAsync(string userName, string answer)
    {
        var page = await officer.OpenAsync("/ra/entitlements");
        var row = page.Document.QuerySelectorAll("tbody tr").Single(row => row.QuerySelector(".mono")?.TextContent == userName);
        return await officer.SendAsync(PlainBrowser.Fill(page, "answer", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Input.People"] = row.QuerySelector("input")!.GetAttribute("value")!, ["Input.Answer"] = answer,
        }));
    }

    private string LinkTo(RequestScene person, string path) =>
        portal.Mails.Last(mail => mail.To.Contains(person.Email, StringComparison.Ordinal) && mail.HasLink(path)).LinkTo(path).ToString();

    private static void RequireText(string text, HtmlPage page) => Assert.Contains(text, page.Text, StringComparison.Ordinal);
}
