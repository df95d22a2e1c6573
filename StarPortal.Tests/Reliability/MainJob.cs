using System.Net;
using StarPortal.Core.Data;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Reliability;

/// <summary>
/// One person's way to a certificate and the officer's part in it, by two people who don't give up: when the portal dies they wait until it is
/// back, look, and do again what visibly was not done.
/// </summary>
/// <param name="portal">May die at any moment.</param>
/// <param name="officer">Signed in.</param>
/// <param name="userName">The person's.</param>
/// <param name="restart">Called when it has died.</param>
internal sealed class MainJob(PortalApplication portal, PlainBrowser officer, string userName, Func<Task> restart)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly long begun = TimeProvider.System.GetTimestamp();

    public string Email => AskedRequest.EmailOf(userName);

    /// <summary>From the address of the tracking page.</summary>
    public string RequestId { get; private set; } = "";

    public async Task RunAsync()
    {
        using var person = new PlainBrowser(portal);
        await SubmitAsync(person);
        var confirm = await FindMailAsync(Email, "/confirm/");
        await PressUntilDoneAsync(person, confirm, "confirm");
        foreach (var name in (string[])["officer", "administrator"]) await FindMailAsync($"{name}@demo.example.org", $"/ra/requests/{RequestId}");
        await PressUntilDoneAsync(officer, new Uri(portal.BaseUrl, $"/ra/requests/{RequestId}"), "approve");
        await FindMailAsync(Email, "/account/certificates/");
        await WaitUntilQuietAsync();
    }

    /// <summary>The form stays in the person's browser: what is sent again is the same form.</summary>
    private async Task SubmitAsync(PlainBrowser person)
    {
        var form = AskedRequest.Fill(await person.OpenAsync("/request"), userName);
        HtmlPage? page = null;
        while (page is null) page = await TryAsync(() => person.SendAsync(form));
        Assert.True(page.Status is HttpStatusCode.OK && page.Address.AbsolutePath.StartsWith("/requests/", StringComparison.Ordinal), $"{page.Address} {(int)page.Status}: {page.Text}");
        RequestId = page.Address.Segments[^1];
    }

    private async Task PressUntilDoneAsync(PlainBrowser who, Uri address, string form)
    {
        while (true)
        {
            var page = await TryAsync(() => who.OpenAsync(address.ToString()));
            if (page is null) continue;
            Assert.True(page.Status is HttpStatusCode.OK && page.Address == address, $"{page.Address} {(int)page.Status}: {page.Text}");
            if (page.FindForm(form) is null) return;
            await TryAsync(() => who.SendAsync(PlainBrowser.Fill(page, form)));
            RequirePatience($"'{form}' on {address}");
        }
    }

    private async Task<Uri> FindMailAsync(string to, string link)
    {
        while (true)
        {
            var found = portal.Mails.Where(mail => mail.To.Contains(to, StringComparison.Ordinal)).SelectMany(mail => mail.Links).FirstOrDefault(uri => uri.AbsolutePath.StartsWith(link, StringComparison.Ordinal));
            if (found is not null) return found;
            await LookAgainAsync($"a mail to {to} with {link}");
        }
    }

    /// <summary>The mails are out before their outbox items are done.</summary>
    private async Task WaitUntilQuietAsync()
    {
        while (true)
        {
            await using (var db = portal.NewDb())
            {
                if (!db.Outbox.Any(item => item.Status == OutboxStatus.Pending)) return;
            }

            await LookAgainAsync("an empty outbox");
        }
    }

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
        if (TimeProvider.System.GetElapsedTime(begun) > Patience) throw new TimeoutException($"{userName} waited in vain for {what}:\n{portal.Output}");
    }
}
