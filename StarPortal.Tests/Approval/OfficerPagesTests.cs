using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using StarPortal.Core.Approval;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Approval;

/// <summary>The officers' pages in a real browser against the real application.</summary>
[Trait("Category", "Browser")]
public sealed class OfficerPagesTests(OfficerPagesTests.Fixture fixture) : IClassFixture<OfficerPagesTests.Fixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Officer_Decides_InThreeInteractionsOnAPhoneWithoutJavaScript()
    {
        var request = await fixture.AddAsync("Grace Hopper");
        var page = await fixture.SignedInAsync("officer", Support.Browser.Phone, javaScript: false);

        await page.GotoAsync($"/ra/requests/{request.Id}"); // 1: the link in the mail
        await page.GetByRole(AriaRole.Link, new() { Name = "Decide", Exact = true }).ClickAsync(); // 2
        await page.GetByRole(AriaRole.Button, new() { Name = "Approve", Exact = true }).ClickAsync(); // 3

        Assert.Contains("done=approved", page.Url, StringComparison.Ordinal);
        await Assertions.Expect(page.GetByText("Approved", new() { Exact = false }).First).ToBeVisibleAsync();
        Assert.True(await fixture.StatusOfAsync(request.Id) is RequestStatus.Approved or RequestStatus.Issued);
    }

    [Fact]
    public async Task Queue_AndDecision_GoByKeyboardAlone()
    {
        var request = await fixture.AddAsync("Kay Board");
        var page = await fixture.SignedInAsync("officer", Support.Browser.Desktop);
        await page.GotoAsync("/ra?q=Kay+Board");

        await page.Keyboard.PressAsync("j");
        await Assertions.Expect(page.Locator("a[data-row]").First).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("r");
        await page.ArriveAsync("**act=reject**");
        await Assertions.Expect(page.GetByLabel("Reason")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("The name");
        await Assertions.Expect(page.GetByLabel("What the person shall read")).ToHaveValueAsync(RejectionReason.Of(RejectionCode.NameIncorrect).Reply);
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.GetByText("Rejected. The person gets your reason by mail.")).ToBeVisibleAsync();
        Assert.Equal(RequestStatus.Rejected, await fixture.StatusOfAsync(request.Id));
    }

    [Fact]
    public async Task Queue_KeysMoveBothWays_AndOpenTheApproval()
    {
        await fixture.AddAsync("Uma Upward");
        await fixture.AddAsync("Uma Upwards");
        var page = await fixture.SignedInAsync("officer", Support.Browser.Desktop);
        await page.GotoAsync("/ra?q=Uma+Upward");

        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("j");
        await Assertions.Expect(page.Locator("a[data-row]").Nth(1)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("k");
        await Assertions.Expect(page.Locator("a[data-row]").First).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("a");
        await page.ArriveAsync("**act=approve**");
    }

    [Fact]
    public async Task Queue_KeepsTheFocus_WhenTheListIsDrawnAnew()
    {
        await fixture.AddAsync("Fay Focus");
        var page = await fixture.SignedInAsync("officer", Support.Browser.Desktop);
        await page.GotoAsync("/ra?q=Fay+Focus");
        var row = page.Locator("a[data-row]").First;
        await row.FocusAsync();

        await row.EvaluateAsync("link => link.outerHTML = link.outerHTML");

        await Assertions.Expect(row).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Queue_ShowsANewRequest_WithoutReload()
    {
        var page = await fixture.SignedInAsync("officer", Support.Browser.Desktop);
        await page.GotoAsync("/ra?q=Newly+Arrived");
        await Assertions.Expect(page.GetByText("Nothing matches these filters")).ToBeVisibleAsync();

        await fixture.AddAsync("Newly Arrived"); // by another process, as another node would

        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Newly Arrived" })).ToBeVisibleAsync(new() { Timeout = 30_000 });
    }

    [Fact]
    public async Task Claim_ShowsToTheOthers_AtOnce()
    {
        var request = await fixture.AddAsync("Clara Claimed");
        var page = await fixture.SignedInAsync("officer", Support.Browser.Desktop);
        await page.GotoAsync("/ra?q=Clara");

        await page.GetByRole(AriaRole.Button, new() { Name = "Claim the request of Clara Claimed" }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Give back" })).ToBeVisibleAsync();
        await using var db = fixture.Portal.NewDb();
        Assert.NotNull((await db.EnrollmentRequests.SingleAsync(row => row.Id == request.Id, Ct)).ClaimedBy);
    }

    [Fact]
    public async Task OpeningTheCard_ChangesNothing_ByGetHeadOrAVisitorThatRunsScripts()
    {
        var request = await fixture.AddAsync("Untouched Yet");
        var before = await fixture.LastAuditAsync();
        using var plain = new PlainBrowser(fixture.Portal);
        await plain.SignInAsync(fixture.Portal.PersonaOf("officer"));
        var after = await fixture.LastAuditAsync();

        foreach (var query in new[] { "", "?act=approve", "?act=reject", "?done=approved", "?_handler=approve" })
        {
            await plain.OpenAsync($"/ra/requests/{request.Id}{query}");
            await plain.AskAsync(new HttpRequestMessage(HttpMethod.Head, $"/ra/requests/{request.Id}{query}"));
        }

        var page = await fixture.SignedInAsync("officer", Support.Browser.Desktop);
        await page.GotoAsync($"/ra/requests/{request.Id}?act=approve");
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);

        Assert.Equal(RequestStatus.AwaitingDecision, await fixture.StatusOfAsync(request.Id));
        Assert.True(after >= before);
        await using var db = fixture.Portal.NewDb();
        var saved = await db.EnrollmentRequests.SingleAsync(row => row.Id == request.Id, Ct);
        Assert.Equal(request.Version, saved.Version);
    }

    [Fact]
    public async Task DecidingTwice_ByTheBackButton_SaysWhoDecidedAndWhen()
    {
        var request = await fixture.AddAsync("Back Button");
        using var plain = new PlainBrowser(fixture.Portal);
        await plain.SignInAsync(fixture.Portal.PersonaOf("officer"));
        var form = PlainBrowser.Fill(await plain.OpenAsync($"/ra/requests/{request.Id}"), "approve");
        await plain.SendAsync(form);

        var again = await plain.SendAsync(form);

        Assert.Contains("Already decided: approved by officer at", again.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reject_KeepsWhatWasTyped_WhenTheReasonIsMissing()
    {
        var request = await fixture.AddAsync("Typed Text");
        using var plain = new PlainBrowser(fixture.Portal);
        await plain.SignInAsync(fixture.Portal.PersonaOf("officer"));

        var answer = await plain.SendAsync($"/ra/requests/{request.Id}", "reject", new Dictionary<string, string>(StringComparer.Ordinal) { ["Reject.Code"] = "", ["Reject.Text"] = "Please call me." });

        Assert.Contains("Choose a reason", answer.Text, StringComparison.Ordinal);
        Assert.Contains("Please call me.", answer.Source, StringComparison.Ordinal);
        Assert.Equal(RequestStatus.AwaitingDecision, await fixture.StatusOfAsync(request.Id));
    }

    [Fact]
    public async Task Card_DoesNotExist_ForAnotherOrganisationOrAGuess()
    {
        var elsewhere = await fixture.AddAsync("Else Where", organisation: "Demo Observatory");
        using var plain = new PlainBrowser(fixture.Portal);
        await plain.SignInAsync(fixture.Portal.PersonaOf("officer"));

        Assert.Equal(HttpStatusCode.NotFound, (await plain.OpenAsync($"/ra/requests/{elsewhere.Id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await plain.OpenAsync($"/ra/requests/{Guid.NewGuid()}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await plain.OpenAsync("/ra/certificates/00000000000000000000000000000000")).Status);
    }

    [Fact]
    public async Task Pages_AreAccessibleAndFit_OnDesktopAndPhoneInLightAndDark()
    {
        var request = await fixture.AddAsync("Axe Tested");
        foreach (var (viewport, dark) in Support.Browser.Looks)
        {
            var page = await fixture.SignedInAsync("officer", viewport, dark);
            foreach (var path in new[] { "/ra", $"/ra/requests/{request.Id}?act=reject", "/account" })
            {
                await page.GotoAsync(path);
                Assert.Equal(1, await page.Locator("h1").CountAsync());
                await Support.Browser.RequireAccessibleAsync(page);
                await Support.Browser.RequireNoSidewaysScrollAsync(page);
            }

            await page.Context.CloseAsync();
        }
    }

    public sealed class Fixture : IAsyncLifetime
    {
        public Support.Browser Browser { get; } = new();

        public PortalApplication Portal { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            await Browser.InitializeAsync();
            Portal = await PortalApplication.StartAsync();
        }

        /// <summary>A request that waits, written past the application as another node would.</summary>
        internal async Task<EnrollmentRequest> AddAsync(string fullName, TimeSpan? waited = null, string organisation = "Demo University", Func<NewRequest, NewRequest>? change = null)
        {
            await using var db = Portal.NewDb();
            var home = await db.Organisations.SingleAsync(row => row.Name == organisation, Ct);
            var (person, request) = Queued.Make(home, fullName, TimeProvider.System.GetUtcNow() - (waited ?? TimeSpan.FromMinutes(5)), change);
            db.Users.Add(person);
            db.EnrollmentRequests.Add(request);
            await db.SaveChangesAsync(Ct);
            return request;
        }

        internal async Task<RequestStatus> StatusOfAsync(Guid requestId)
        {
            await using var db = Portal.NewDb();
            return await db.EnrollmentRequests.Where(row => row.Id == requestId).Select(row => row.Status).SingleAsync(Ct);
        }

        internal async Task<long> LastAuditAsync()
        {
            await using var db = Portal.NewDb();
            return await db.Set<Core.Audit.AuditRecord>().MaxAsync(row => row.Sequence, Ct);
        }

        internal async Task<IPage> SignedInAsync(string role, ViewportSize viewport, bool dark = false, bool javaScript = true)
        {
            var page = await Browser.OpenAsync(Portal, viewport, dark, javaScript);
            var persona = Portal.PersonaOf(role);
            await page.GotoAsync("/account/sign-in");
            await page.GetByLabel("User name").FillAsync(persona.UserName);
            await page.GetByLabel("Passphrase").FillAsync(persona.Password);
            await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
            await page.LeaveAsync("/account/sign-in");
            return page;
        }

        public async ValueTask DisposeAsync()
        {
            await Portal.DisposeAsync();
            await Browser.DisposeAsync();
        }
    }
}
