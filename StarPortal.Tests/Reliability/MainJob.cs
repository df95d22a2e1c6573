using System.Net;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Reliability;

/// <summary>One person's way to a certificate and the officer's part in it.</summary>
/// <param name="portal">May die at any moment.</param>
/// <param name="officer">Signed in.</param>
/// <param name="userName">The person's.</param>
/// <param name="restart">Called when it has died.</param>
internal sealed class MainJob(PortalApplication portal, PlainBrowser officer, string userName, Func<Task> restart)
{
    private readonly Stubborn people = new(portal, userName, restart);

    public string Email => AskedRequest.EmailOf(userName);

    /// <summary>From the address of the tracking page.</summary>
    public string RequestId { get; private set; } = "";

    public async Task RunAsync()
    {
        using var person = new PlainBrowser(portal);
        await SubmitAsync(person);
        var confirm = await people.FindMailAsync(Email, "/confirm/");
        await people.PressUntilDoneAsync(person, confirm, "confirm");
        foreach (var name in (string[])["officer", "administrator"]) await people.FindMailAsync($"{name}@demo.example.org", $"/ra/requests/{RequestId}");
        await people.PressUntilDoneAsync(officer, new Uri(portal.BaseUrl, $"/ra/requests/{RequestId}"), "approve");
        await people.FindMailAsync(Email, "/account/certificates/");
        await people.WaitUntilQuietAsync();
    }

    private async Task SubmitAsync(PlainBrowser person)
    {
        var page = await people.SendUntilAnsweredAsync(person, AskedRequest.Fill(await person.OpenAsync("/request"), userName));
        Assert.True(page.Status is HttpStatusCode.OK && page.Address.AbsolutePath.StartsWith("/requests/", StringComparison.Ordinal), $"{page.Address} {(int)page.Status}: {page.Text}");
        RequestId = page.Address.Segments[^1];
    }
}
