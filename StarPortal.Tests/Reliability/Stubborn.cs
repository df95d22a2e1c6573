using System.Net;
using StarPortal.Core.Data;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Reliability;

/// <summary>People who don't give up: when the portal dies they wait until it is back, look, and do again what visibly was not done.</summary>
/// <param name="portal">May die at any moment.</param>
/// <param name="who">For messages.</param>
/// <param name="restart">Called when it has died.</param>
internal sealed class Stubborn(PortalApplication portal, string who, Func<Task> restart)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly long begun = TimeProvider.System.GetTimestamp();

    /// <summary>Fills the form in, with these values, and presses its button until the page does not offer it any more.</summary>
    public async Task PressUntilDoneAsync(PlainBrowser browser, Uri address, string form, IReadOnlyDictionary<string, string>? values = null)
    {
        while (true)
        {
            var page = await TryAsync(() => browser.OpenAsync(address.ToString()));
            if (page is null) continue;
            Assert.True(page.Status is HttpStatusCode.OK && page.Address == address, $"{page.Address} {(int)page.Status}: {page.Text}");
            if (page.FindForm(form) is null) return;
            await TryAsync(() => browser.SendAsync(PlainBrowser.Fill(page, form, values)));
            RequirePatience($"'{form}' on {address}");
        }
    }

    /// <summary>Sends a form until there is an answer. The form stays in the person's browser: what is sent again is the same form.</summary>
    public async Task<HtmlPage> SendUntilAnsweredAsync(PlainBrowser browser, FilledForm form)
    {
        while (true)
        {
            if (await TryAsync(() => browser.SendAsync(form)) is { } page) return page;
        }
    }

    public async Task<Uri> FindMailAsync(string to, string link)
    {
        while (true)
        {
            var found = portal.Mails.Where(mail => mail.To.Contains(to, StringComparison.Ordinal)).SelectMany(mail => mail.Links).FirstOrDefault(uri => uri.AbsolutePath.StartsWith(link, StringComparison.Ordinal));
            if (found is not null) return found;
            await LookAgainAsync($"a mail to {to} with {link}");
        }
    }

    public async Task WaitUntilAsync(Func<PortalDbContext, bool> isSo, string what)
    {
        while (true)
        {
            await using (var db = portal.NewDb())
            {
                if (isSo(db)) return;
            }

            await LookAgainAsync(what);
        }
    }

    /// <summary>The mails are out before their outbox items are done.</summary>
    public Task WaitUntilQuietAsync() => WaitUntilAsync(db => !db.Outbox.Any(item => item.Status == OutboxStatus.Pending), "an empty outbox");

    private async Task LookAgainAsync(string what)
    {
        RequirePatience(what);
        if (portal.HasExited) await restart();
        else await Task.Delay(20, TestContext.Current.CancellationToken);
    }

    /// <returns>Null when the portal died of it.</returns>
    private async Task<HtmlPage?> TryAsync(Func<Task<HtmlPage>> act)
    {
        try
        {
            return await act();
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            await portal.WaitForExitAsync();
            await restart();
            return null;
        }
    }

    private void RequirePatience(string what)
    {
        if (TimeProvider.System.GetElapsedTime(begun) > Patience) throw new TimeoutException($"{who} waited in vain for {what}:\n{portal.Output}");
    }
}
