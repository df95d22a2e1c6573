using System.Net;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Reliability;

/// <summary>What the buttons behind mailed links do: once, for the right person, in time.</summary>
[Trait("Category", "Browser")]
public sealed class LinkUseTests(LinkFixture fixture) : IClassFixture<LinkFixture>
{
    private const int Presses = 8;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private PortalApplication Portal => fixture.Portal;

    [Fact]
    public async Task Confirmation_HappensOnce_WhenItsButtonIsPressedManyTimesAtOnce()
    {
        using var scene = await RequestScene.AskAsync(Portal, "pressed-often");
        var form = PlainBrowser.Fill(await scene.Person.OpenAsync(scene.ConfirmLink.ToString()), "confirm");
        await RequireNoFailureAsync(Enumerable.Range(0, Presses).Select(_ => scene.Person.SendAsync(form)));
        await scene.Person.SendAsync(form); // and once more, later

        await Portal.WaitUntilQuietAsync();
        await using var db = Portal.NewDb();
        var confirmed = await db.AuditRecords.CountAsync(record => record.Action == AuditAction.RequestConfirmed && record.ObjectId == scene.Id, Ct);
        var told = Portal.Mails.Where(mail => mail.HasLink(scene.Decision)).Select(mail => mail.To).ToList();
        Assert.Equal((1, told.Count), (confirmed, told.Distinct(StringComparer.Ordinal).Count()));
        Assert.NotEmpty(told);
    }

    [Fact]
    public async Task Invitation_IsAcceptedOnce_WhenItsButtonIsPressedManyTimesAtOnce()
    {
        var link = await InviteAsync("invited-once");
        using var invited = new PlainBrowser(Portal);
        var form = Invitations.Fill(await invited.OpenAsync(link.ToString()));
        await RequireNoFailureAsync(Enumerable.Range(0, Presses).Select(_ => invited.SendAsync(form)));

        await using var db = Portal.NewDb();
        var user = await db.Users.SingleAsync(user => user.UserName == "invited-once", Ct);
        Assert.Equal(1, await db.AuditRecords.CountAsync(record => record.Action == AuditAction.InvitationAccepted && record.ObjectId == $"{user.Id}", Ct));
    }

    [Fact]
    public async Task Decision_IsTakenOnce_WhenTwoOfficersPressAtOnce()
    {
        using var scene = await RequestScene.AskAndConfirmAsync(Portal, "decided-twice");
        using PlainBrowser officer = await fixture.SignInAsync("officer"), administrator = await fixture.SignInAsync("administrator");
        var (first, second) = (PlainBrowser.Fill(await officer.OpenAsync(scene.Decision), "approve"), PlainBrowser.Fill(await administrator.OpenAsync(scene.Decision), "approve"));
        await RequireNoFailureAsync(Enumerable.Range(0, Presses).SelectMany(_ => new[] { officer.SendAsync(first), administrator.SendAsync(second) }));

        await Portal.WaitForMailAsync(scene.Email, "/account/certificates/");
        await Portal.WaitUntilQuietAsync();
        await using var db = Portal.NewDb();
        var request = await db.EnrollmentRequests.SingleAsync(request => request.Email == scene.Email, Ct);
        Assert.Equal(RequestStatus.Issued, request.Status);
        Assert.Equal(1, await db.AuditRecords.CountAsync(record => record.Action == AuditAction.RequestApproved && record.ObjectId == $"{request.Id}", Ct));
        Assert.Equal(1, Portal.Mails.Count(mail => mail.HasLink("/account/certificates/") && mail.To.Contains(scene.Email, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task UsedLink_SaysSoAndOffersNoButton()
    {
        using var scene = await RequestScene.AskAndConfirmAsync(Portal, "used");
        var link = await InviteAsync("invited-used");
        using var invited = new PlainBrowser(Portal);
        await invited.SendAsync(Invitations.Fill(await invited.OpenAsync(link.ToString())));
        using var stranger = new PlainBrowser(Portal);

        await RequireDeadAsync(stranger, scene.ConfirmLink, "confirm");
        await RequireDeadAsync(stranger, link, "accept");
    }

    [Fact]
    public async Task ExpiredLink_SaysSoAndDoesNothing()
    {
        using var scene = await RequestScene.AskAsync(Portal, "too-late");
        var link = await InviteAsync("invited-too-late");
        using var invited = new PlainBrowser(Portal);
        var (confirm, accept) = (PlainBrowser.Fill(await scene.Person.OpenAsync(scene.ConfirmLink.ToString()), "confirm"), Invitations.Fill(await invited.OpenAsync(link.ToString())));
        using var administrator = await fixture.SignInAsync("administrator");
        await administrator.SendAsync("/demo/clock", "wind", new Dictionary<string, string>(StringComparer.Ordinal) { ["Input.Hours"] = $"{15 * 24}" });

        var before = await fixture.Probe.DigestAsync();
        await RequireDeadAsync(scene.Person, scene.ConfirmLink, "confirm");
        await RequireDeadAsync(invited, link, "accept");
        await RequireNoFailureAsync([scene.Person.SendAsync(confirm), invited.SendAsync(accept)]);
        Assert.Equal(before, await fixture.Probe.DigestAsync());
    }

    [Fact]
    public async Task Token_IsWorthNothing_ForAnotherPurpose()
    {
        using var scene = await RequestScene.AskAsync(Portal, "crossed");
        var invitation = await InviteAsync("invited-crossed");
        using var visitor = new PlainBrowser(Portal);
        var (confirm, accept) = (PlainBrowser.Fill(await visitor.OpenAsync(scene.ConfirmLink.ToString()), "confirm"), Invitations.Fill(await visitor.OpenAsync(invitation.ToString())));
        var (confirmToken, invitationToken) = (scene.ConfirmLink.Segments[^1], invitation.Segments[^1]);

        var before = await fixture.Probe.DigestAsync();
        foreach (var path in (string[])[$"/confirm/{invitationToken}", $"/invitation/{confirmToken}", $"/setup/{confirmToken}", $"/setup/{invitationToken}", "/confirm/x", "/invitation/x"])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await visitor.OpenAsync(path)).Status);
            foreach (var form in (FilledForm[])[confirm, accept]) Assert.NotEqual(HttpStatusCode.InternalServerError, (await visitor.SendAsync(form with { Address = path })).Status);
        }

        Assert.Equal(before, await fixture.Probe.DigestAsync());
    }

    [Fact]
    public async Task OfficersLink_IsWorthNothing_ToAnybodyElse()
    {
        using var scene = await RequestScene.AskAndConfirmAsync(Portal, "not-yours");
        using var officer = await fixture.SignInAsync("officer");
        var form = PlainBrowser.Fill(await officer.OpenAsync(scene.Decision), "approve");
        await scene.SignInAsync();
        using PlainBrowser stranger = new(Portal), subscriber = await fixture.SignInAsync("subscriber"), owner = await fixture.SignInAsync("owner");

        var before = await fixture.Probe.DigestAsync();
        foreach (var other in (PlainBrowser[])[stranger, subscriber, owner, scene.Person])
        {
            var page = await other.OpenAsync(scene.Decision);
            Assert.Null(page.FindForm("approve"));
            Assert.DoesNotContain(scene.Email, page.Source, StringComparison.Ordinal);
            Assert.NotEqual(HttpStatusCode.InternalServerError, (await other.SendAsync(await WithOwnTokenAsync(other, form))).Status);
        }

        Assert.Equal(before, await fixture.Probe.DigestAsync());
    }

    [Fact]
    public async Task CertificateLink_ShowsNothing_ToAnybodyElse()
    {
        using var scene = await RequestScene.AskAndConfirmAsync(Portal, "mine");
        using PlainBrowser officer = await fixture.SignInAsync("officer"), subscriber = await fixture.SignInAsync("subscriber"), stranger = new(Portal);
        await scene.DecideAsync(officer, "approve");
        await Portal.WaitForMailAsync(scene.Email, "/account/certificates/");

        Assert.Equal(HttpStatusCode.NotFound, (await subscriber.OpenAsync(scene.CertificateLink.ToString())).Status);
        Assert.Equal("/account/sign-in", (await stranger.OpenAsync(scene.CertificateLink.ToString())).Address.AbsolutePath);
    }

    [Fact]
    public async Task SetUpLink_MakesOneAdministrator_WhenItsButtonIsPressedManyTimesAtOnce()
    {
        await using var portal = await PortalApplication.StartAsync(new Dictionary<string, string>(StringComparer.Ordinal) { ["Portal:Demo"] = "false" });
        await portal.WaitForOutputAsync("/setup/");
        var link = new Uri(portal.Output.Split('\n').Single(line => line.Contains("/setup/", StringComparison.Ordinal)).Trim());
        Assert.Empty(await new LinkProbe(portal, fixture.Browser).OpenInEveryWayAsync(link));

        using var visitor = new PlainBrowser(portal);
        var page = await visitor.OpenAsync(link.ToString());
        await RequireNoFailureAsync(Enumerable.Range(0, Presses).Select(number => visitor.SendAsync(PlainBrowser.Fill(page, "setup", new Dictionary<string, string>(Invitations.Passphrases, StringComparer.Ordinal)
        {
            ["Input.UserName"] = $"first{number}", ["Input.FullName"] = "Ada Lovelace", ["Input.Email"] = $"first{number}@example.org",
        }))));

        await using var db = portal.NewDb();
        Assert.Equal((1, 1), (await db.Users.CountAsync(Ct), await db.RoleGrants.CountAsync(grant => grant.Role == PortalRole.Administrator, Ct)));
    }

    private async Task<Uri> InviteAsync(string userName)
    {
        using var administrator = await fixture.SignInAsync("administrator");
        await Invitations.InviteAsync(administrator, userName);
        await Portal.WaitForMailAsync(AskedRequest.EmailOf(userName), "/invitation/");
        return Portal.Mails.Last(mail => mail.To.Contains(AskedRequest.EmailOf(userName), StringComparison.Ordinal)).LinkTo("/invitation/");
    }

    /// <summary>Somebody else's form with this visitor's own antiforgery token: what is left to stop it is whether it may be sent.</summary>
    private static async Task<FilledForm> WithOwnTokenAsync(PlainBrowser visitor, FilledForm form)
    {
        const string Field = "__RequestVerificationToken";
        var token = (await visitor.OpenAsync("/request")).Document.QuerySelector($"input[name={Field}]")!.GetAttribute("value")!;
        return form with { Values = [.. form.Values.Where(value => value.Key != Field), new(Field, token)] };
    }

    private static async Task RequireDeadAsync(PlainBrowser visitor, Uri link, string form)
    {
        var page = await visitor.OpenAsync(link.ToString());
        Assert.Null(page.FindForm(form));
        Assert.True(page.Status is HttpStatusCode.OK or HttpStatusCode.Gone && page.Text.Length > 0, $"{(int)page.Status} {page.Text}");
    }

    private static async Task RequireNoFailureAsync(IEnumerable<Task<HtmlPage>> presses) =>
        Assert.All(await Task.WhenAll(presses), page => Assert.True(page.Status < HttpStatusCode.InternalServerError, $"{(int)page.Status} {page.Text}"));
}
