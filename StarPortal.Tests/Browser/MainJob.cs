using Microsoft.Playwright;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Browser;

/// <summary>The steps of the main job as people do them: by labels, buttons and mailed links.</summary>
internal static class MainJob
{
    public const string Passphrase = "violet harbour seventeen lamps";

    /// <summary>Fills the form in and sends it.</summary>
    /// <returns>The address of the tracking page.</returns>
    public static async Task<string> AskAsync(IPage page, string userName, string fullName = "Zoë Müller-Łukasz", Func<Task>? beforeSending = null)
    {
        await page.GotoAsync("/request");
        await page.GetByLabel("Full name").FillAsync(fullName);
        await page.GetByLabel("User name").FillAsync(userName);
        await page.GetByLabel("E-mail").FillAsync($"{userName}@example.org");
        await page.GetByLabel("Organisation").SelectOptionAsync("Demo University");
        await page.GetByLabel("What do you need it for?").FillAsync("Jobs on the fusion cluster, together with the plasma group.");
        await page.GetByLabel("Passphrase", new() { Exact = true }).FillAsync(Passphrase);
        await page.GetByLabel("Passphrase again").FillAsync(Passphrase);
        await Assertions.Expect(page.GetByText("Zoe Muller-Lukasz").Locator("visible=true").First).ToBeVisibleAsync();
        if (beforeSending is not null) await beforeSending();
        await page.GetByRole(AriaRole.Button, new() { Name = "Send the request" }).ClickAsync();
        await page.ArriveAsync("**/requests/*");
        return new Uri(page.Url).AbsolutePath;
    }

    /// <summary>Opens the mailed link and presses its button.</summary>
    public static async Task ConfirmAsync(IPage page, PortalApplication portal, string userName)
    {
        var mail = await MailToAsync(portal, $"{userName}@example.org", "/confirm/");
        await page.GotoAsync(mail.LinkTo("/confirm/").AbsoluteUri);
        await page.GetByRole(AriaRole.Button, new() { Name = "Yes, this is my address" }).ClickAsync();
        await page.ArriveAsync("**/requests/**");
    }

    public static async Task SignInAsync(IPage page, string userName, string passphrase)
    {
        await page.GotoAsync("/account/sign-in");
        await page.GetByLabel("User name").FillAsync(userName);
        await page.GetByLabel("Passphrase").FillAsync(passphrase);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.LeaveAsync("/account/sign-in");
    }

    public static Task SignInAsync(IPage page, Persona persona) => SignInAsync(page, persona.UserName, persona.Password);

    /// <summary>The path of the decision page, from the mail that told the officer of it.</summary>
    public static async Task<string> DecisionLinkAsync(PortalApplication portal, string requestPath) =>
        (await MailWithLinkAsync(portal, $"/ra{requestPath}")).LinkTo($"/ra{requestPath}").AbsolutePath;

    /// <summary>Waits until a mail with such a link has come.</summary>
    public static Task<SentMail> MailToAsync(PortalApplication portal, string to, string path) =>
        MailAsync(portal, mail => mail.To.Contains(to, StringComparison.OrdinalIgnoreCase) && HasLink(mail, path));

    public static async Task<byte[]> DownloadAsync(IPage page, string use)
    {
        await page.GetByText(use, new() { Exact = false }).First.ClickAsync();
        await page.GetByLabel("Your passphrase").FillAsync(Passphrase);
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Download" }).ClickAsync());
        return await File.ReadAllBytesAsync(await download.PathAsync(), TestContext.Current.CancellationToken);
    }

    private static Task<SentMail> MailWithLinkAsync(PortalApplication portal, string path) => MailAsync(portal, mail => HasLink(mail, path));

    private static async Task<SentMail> MailAsync(PortalApplication portal, Func<SentMail, bool> isIt)
    {
        await portal.WaitForAsync(() => portal.Mails.Any(isIt));
        return portal.Mails.Last(isIt);
    }

    private static bool HasLink(SentMail mail, string path) => mail.Links.Any(link => link.AbsolutePath.StartsWith(path, StringComparison.Ordinal));
}
