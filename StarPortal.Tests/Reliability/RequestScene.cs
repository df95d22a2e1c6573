using System.Net;
using StarPortal.Core.Data;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Reliability;

/// <summary>Somebody's request and what people do with it, by the pages' own forms.</summary>
internal sealed class RequestScene(PortalApplication portal, string userName) : IDisposable
{
    public PlainBrowser Person { get; } = new(portal);

    public string Email => AskedRequest.EmailOf(userName);

    /// <summary>The path of the tracking page.</summary>
    public string Track { get; private set; } = "";

    /// <summary>The path of the decision page.</summary>
    public string Decision => $"/ra{Track}";

    public string Id => Track["/requests/".Length..];

    /// <summary>The newest link of the confirmation mail.</summary>
    public Uri ConfirmLink => LinkTo("/confirm/");

    /// <summary>Where the mail about the certificate leads.</summary>
    public Uri CertificateLink => LinkTo("/account/certificates/");

    public static async Task<RequestScene> AskAsync(PortalApplication portal, string userName)
    {
        var scene = new RequestScene(portal, userName);
        var page = await scene.Person.SendAsync(AskedRequest.Fill(await scene.Person.OpenAsync("/request"), userName));
        Assert.True(page.Address.AbsolutePath.StartsWith("/requests/", StringComparison.Ordinal), page.Text);
        scene.Track = page.Address.AbsolutePath;
        await portal.WaitForMailAsync(scene.Email, "/confirm/");
        return scene;
    }

    public static async Task<RequestScene> AskAndConfirmAsync(PortalApplication portal, string userName)
    {
        var scene = await AskAsync(portal, userName);
        await scene.Person.SendAsync(scene.ConfirmLink.ToString(), "confirm");
        return scene;
    }

    /// <summary>What the person does on the tracking page, by passphrase.</summary>
    public Task<HtmlPage> DoAsync(string form, params (string Field, string Value)[] values) =>
        PressAsync(Person, Track, form, [.. values, ("Input.Passphrase", AskedRequest.Passphrase)]);

    /// <summary>What an officer does on the decision page.</summary>
    public Task<HtmlPage> DecideAsync(PlainBrowser officer, string form, params (string Field, string Value)[] values) => PressAsync(officer, Decision, form, values);

    public Task SignInAsync() => Person.SignInAsync(new Persona(userName, AskedRequest.Passphrase));

    public void Dispose() => Person.Dispose();

    private static async Task<HtmlPage> PressAsync(PlainBrowser who, string path, string form, IEnumerable<(string Field, string Value)> values)
    {
        var page = await who.SendAsync(path, form, values.ToDictionary(pair => pair.Field, pair => pair.Value, StringComparer.Ordinal));
        Assert.True(page.Status is HttpStatusCode.OK && page.Address.Query.Contains("done=", StringComparison.Ordinal), $"{form} on {path}: {(int)page.Status} {page.Text}");
        return page;
    }

    private Uri LinkTo(string path) => portal.Mails.Last(mail => mail.To.Contains(Email, StringComparison.Ordinal) && mail.HasLink(path)).LinkTo(path);
}

internal static class SceneWaits
{
    extension(SentMail mail)
    {
        public bool HasLink(string path) => mail.Links.Any(link => link.AbsolutePath.StartsWith(path, StringComparison.Ordinal));
    }

    extension(PortalApplication portal)
    {
        public Task WaitForMailAsync(string to, string path) => portal.WaitForAsync(() => portal.Mails.Any(mail => mail.To.Contains(to, StringComparison.Ordinal) && mail.HasLink(path)));

        /// <summary>Until the outbox holds nothing that is to be done.</summary>
        public Task WaitUntilQuietAsync() => portal.WaitForAsync(() =>
        {
            using var db = portal.NewDb();
            return !db.Outbox.Any(item => item.Status == OutboxStatus.Pending);
        });
    }
}
