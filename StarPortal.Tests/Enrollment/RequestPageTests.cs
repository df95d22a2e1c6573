using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using AngleSharp.Html.Dom;
using Microsoft.Data.Sqlite;
using StarPortal.Tests.Hosting;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Enrollment;

/// <summary>The pages as they answer over HTTPS, without scripts: what is refused stands beside its field, what was typed is still there, nothing is half made.</summary>
[Trait("Category", "Interop")]
public sealed class RequestPageTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    private const string Passphrase = "seven otters juggle quietly";

    private static int count;

    private readonly PortalApplication portal = fixture.Portal;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RequestPage_GivesTheFormANumber_AndMakesNothing()
    {
        var before = CountRows();
        using var client = portal.NewClient();
        using var answer = await client.GetAsync(new Uri("/request", UriKind.Relative), Ct);

        Assert.Matches("^/request\\?form=[0-9a-f]{32}$", answer.RequestMessage!.RequestUri!.PathAndQuery);
        Assert.Equal(before, CountRows());
    }

    [Theory]
    [InlineData("FullName", "Ada\u202Eecalevol")]
    [InlineData("FullName", "CN=Root,O=Evil")]
    [InlineData("FullName", "Dr VERSION Lovelace")]
    [InlineData("FullName", "Ada\u0007Lovelace")]
    [InlineData("UserName", "../../etc")]
    [InlineData("UserName", "Officer")]
    [InlineData("Email", "nobody")]
    [InlineData("Phone", "<script>alert(1)</script>")]
    [InlineData("Purpose", "")]
    [InlineData("OrganisationId", "not-a-guid")]
    [InlineData("OrganisationId", "")]
    [InlineData("SigningRequest", "certificate, please")]
    public async Task Form_ComesBackWithTheMessageBesideItsField_AndEverythingThatWasTyped(string field, string text)
    {
        using var client = portal.NewClient();
        var form = await NewFormAsync(client);
        if (field == "SigningRequest") form["Input.Key"] = "SigningRequest";
        form[$"Input.{field}"] = text;
        var before = CountRows();

        using var answer = await form.With("Act", "send").SendAsync();
        var page = await HtmlForm.ReadAsync(answer);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(page.GetElementById($"{field}-error") is not null, $"No message beside {field}: {page.QuerySelector(".form-errors")?.TextContent}");
        Assert.Contains($"{field}-error", page.GetElementById(field)!.GetAttribute("aria-describedby"), StringComparison.Ordinal);
        var again = HtmlForm.Of(client, portal.BaseUrl, page, "request");
        if (field != "OrganisationId") Assert.Equal(text, again[$"Input.{field}"]);
        Assert.Equal("Simulations" is var purpose && field == "Purpose" ? text : purpose, again["Input.Purpose"]);
        Assert.Equal(("", ""), (again["Input.Passphrase"], again["Input.PassphraseAgain"]));
        Assert.DoesNotContain(Passphrase, page.Source.Text, StringComparison.Ordinal);
        Assert.Equal(before, CountRows());
    }

    [Theory]
    [InlineData(10_000)]
    [InlineData(1 << 20)]
    public async Task Form_SurvivesTextOfAnyLength(int length)
    {
        using var client = portal.NewClient();
        var form = await NewFormAsync(client);
        var text = new string('a', length);
        foreach (var field in new[] { "FullName", "UserName" }) form[$"Input.{field}"] = text[..10_000];
        form["Input.Key"] = "SigningRequest";
        form["Input.SigningRequest"] = text;
        var before = CountRows();

        using var answer = await form.With("Act", "send").SendAsync();
        var page = await HtmlForm.ReadAsync(answer);

        Assert.All(["FullName", "UserName", "SigningRequest"], field => Assert.NotNull(page.GetElementById($"{field}-error")));
        Assert.Equal(before, CountRows());
    }

    [Fact]
    public async Task Form_IsRefused_WhenItIsLargerThanThePageTakes()
    {
        using var client = portal.NewClient();
        var form = await NewFormAsync(client);

        using var answer = await form.WithFile("Upload", new byte[3 << 20], "huge.csr").With("Act", "send").SendAsync();

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task Upload_InDer_StandsInTheFieldAsText_WhenSomethingElseIsWrong()
    {
        using var client = portal.NewClient();
        using var key = RSA.Create(2048);
        var der = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequest();
        var form = (await NewFormAsync(client)).With("Input.Key", "SigningRequest").With("Input.Purpose", "").WithFile("Upload", der, "me.der");

        using var answer = await form.With("Act", "send").SendAsync();
        var page = await HtmlForm.ReadAsync(answer);

        Assert.Null(page.GetElementById("SigningRequest-error"));
        Assert.Contains(Convert.ToBase64String(der)[..60], HtmlForm.Of(client, portal.BaseUrl, page, "request")["Input.SigningRequest"], StringComparison.Ordinal);
        Assert.Contains("RSA 2048, from your request", page.QuerySelector("[data-preview-key]")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_ShowsTheCertificate_AndMakesNothing()
    {
        using var client = portal.NewClient();
        var before = CountRows();

        using var answer = await (await NewFormAsync(client)).With("Act", "check").SendAsync();
        var page = await HtmlForm.ReadAsync(answer);

        Assert.Contains("Certificate:", page.QuerySelector("[data-preview-text]")!.TextContent, StringComparison.Ordinal);
        Assert.Matches("Ada Lovelace [0-9]{6}", page.QuerySelector(".subject")!.TextContent);
        Assert.Equal(before, CountRows());
    }

    [Fact]
    public async Task DoubleSubmit_LeadsToOneTrackingPage_AndSoDoesGoingBack()
    {
        using var client = portal.NewClient();
        var form = (await NewFormAsync(client)).With("Act", "send");

        var answers = await Task.WhenAll(form.SendAsync(), form.SendAsync(), form.SendAsync());
        var pages = answers.Select(answer => answer.RequestMessage!.RequestUri!.AbsolutePath).Distinct(StringComparer.Ordinal).ToList();
        using var back = await client.GetAsync(new Uri($"/request?form={Guid.Parse(form["Input.SubmissionId"]):N}", UriKind.Relative), Ct);
        using var changed = await form.With("Input.Purpose", "Something else, after going back").SendAsync();

        Assert.StartsWith("/requests/", Assert.Single(pages), StringComparison.Ordinal);
        Assert.Contains(pages[0], await back.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(pages[0], changed.RequestMessage!.RequestUri!.AbsolutePath);
        var name = form["Input.UserName"];
        Assert.Equal((1, 1), (Scalar($"SELECT COUNT(*) FROM EnrollmentRequests WHERE UserName = '{name}'"), Scalar($"SELECT COUNT(*) FROM AspNetUsers WHERE UserName = '{name}'")));
        foreach (var answer in answers) answer.Dispose();
    }

    [Fact]
    public async Task ConfirmationLink_IsOpenedByAnybody_AndUsedByTheButtonAlone()
    {
        using var client = portal.NewClient();
        var tracking = await SubmitAsync(client);
        var link = await ConfirmationLinkAsync(tracking);
        using var scanner = portal.NewClient();

        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head, HttpMethod.Options })
        {
            using var visit = new HttpRequestMessage(method, link);
            using var seen = await scanner.SendAsync(visit, Ct);
        }

        using var bare = await scanner.PostAsync(link, content: null, Ct);
        Assert.Equal(HttpStatusCode.BadRequest, bare.StatusCode);
        Assert.Equal("AwaitingConfirmation", StatusOf(tracking));

        var page = await HtmlForm.GetAsync(client, link.PathAndQuery, "confirm");
        using var pressed = await page.SendAsync();
        Assert.Equal(tracking, pressed.RequestMessage!.RequestUri!.AbsolutePath);
        Assert.Equal("AwaitingDecision", StatusOf(tracking));
        var rows = CountRows();

        using var again = await page.SendAsync();
        using var visited = await client.GetAsync(link, Ct);
        Assert.Contains("confirmed already", await visited.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.True((int)again.StatusCode < 500);
        Assert.Equal(rows, CountRows());
    }

    [Theory]
    [InlineData("/confirm/nonsense")]
    [InlineData("/requests/00000000-0000-0000-0000-000000000001")]
    [InlineData("/requests/not-a-guid")]
    public async Task DeadAddress_SaysWhatToDo(string path)
    {
        using var client = portal.NewClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept", "text/html" } } };
        using var answer = await client.SendAsync(request, Ct);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Single((await HtmlForm.ReadAsync(answer)).QuerySelectorAll("h1"));
    }

    [Fact]
    public async Task Withdraw_NeedsThePassphrase_BesideItsField()
    {
        using var client = portal.NewClient();
        var tracking = await SubmitAsync(client);

        var form = await HtmlForm.GetAsync(client, tracking, "withdraw");
        using var refused = await form.With("Input.Passphrase", "not this one at all").SendAsync();
        var page = await HtmlForm.ReadAsync(refused);
        using var withdrawn = await HtmlForm.Of(client, portal.BaseUrl, page, "withdraw").With("Input.Passphrase", Passphrase).SendAsync(tracking);

        Assert.NotNull(page.GetElementById("withdraw-passphrase-error"));
        Assert.Contains("done=withdrawn", withdrawn.RequestMessage!.RequestUri!.Query, StringComparison.Ordinal);
        Assert.Equal("Withdrawn", StatusOf(tracking));
    }

    [Fact]
    public async Task TrackingPage_ShowsNoAddressAndNoUserName_ToStrangers()
    {
        using var client = portal.NewClient();
        var tracking = await SubmitAsync(client);

        using var stranger = portal.NewClient();
        var text = await stranger.GetStringAsync(new Uri(tracking, UriKind.Relative), Ct);

        Assert.Contains("•••@example.org", WebUtility.HtmlDecode(text), StringComparison.Ordinal);
        Assert.DoesNotContain($"person{count}@", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Preview_NeedsThePagesToken_AndSaysTheSameAsThePage()
    {
        using var client = portal.NewClient();
        var form = (await NewFormAsync(client)).With("Input.FullName", "CN=Root,O=Evil");
        var before = CountRows();

        using var answer = await form.SendAsync("/api/v1/request-preview");
        var text = await answer.Content.ReadAsStringAsync(Ct);
        using var json = JsonDocument.Parse(text);
        using var bare = await form.Without("__RequestVerificationToken").SendAsync("/api/v1/request-preview");

        Assert.Contains(json.RootElement.GetProperty("findings").EnumerateArray(), finding => finding.GetProperty("field").GetString() == "FullName");
        Assert.Equal(4, json.RootElement.GetProperty("passphrase").GetProperty("strength").GetInt32());
        Assert.DoesNotContain(Passphrase, text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, bare.StatusCode);
        Assert.Equal(before, CountRows());
        Assert.DoesNotContain(Passphrase, portal.Output, StringComparison.Ordinal);
    }

    private static async Task<HtmlForm> NewFormAsync(HttpClient client)
    {
        using var answer = await client.GetAsync(new Uri("/request", UriKind.Relative), Ct);
        var page = await HtmlForm.ReadAsync(answer);
        var name = $"person{Interlocked.Increment(ref count).ToString(CultureInfo.InvariantCulture)}";
        return HtmlForm.Of(client, answer.RequestMessage!.RequestUri!, page, "request")
            .With("Input.FullName", "Ada Lovelace").With("Input.UserName", name).With("Input.Email", $"{name}@example.org")
            .With("Input.OrganisationId", page.QuerySelectorAll("#OrganisationId option").OfType<IHtmlOptionElement>().Last().Value)
            .With("Input.Purpose", "Simulations").With("Input.Passphrase", Passphrase).With("Input.PassphraseAgain", Passphrase);
    }

    /// <returns>The path of the tracking page.</returns>
    private static async Task<string> SubmitAsync(HttpClient client)
    {
        using var answer = await (await NewFormAsync(client)).With("Act", "send").SendAsync();
        var path = answer.RequestMessage!.RequestUri!.AbsolutePath;
        Assert.StartsWith("/requests/", path, StringComparison.Ordinal);
        return path;
    }

    /// <summary>The mail goes out by itself a moment after the request.</summary>
    private async Task<Uri> ConfirmationLinkAsync(string tracking)
    {
        for (var turn = 0; turn < 600; turn++)
        {
            if (portal.Mails.FirstOrDefault(mail => mail.Text.Contains(tracking, StringComparison.Ordinal) && mail.Text.Contains("/confirm/", StringComparison.Ordinal)) is { } mail) return mail.LinkTo("/confirm/");
            await Task.Delay(50, Ct);
        }

        throw new TimeoutException("No confirmation mail came.");
    }

    private (long Requests, long Users, long Links, long Audit) CountRows() =>
        (Scalar("SELECT COUNT(*) FROM EnrollmentRequests"), Scalar("SELECT COUNT(*) FROM AspNetUsers"), Scalar("SELECT COUNT(*) FROM MailLinks"), Scalar("SELECT COUNT(*) FROM AuditRecords WHERE ObjectType IN ('request', 'user')"));

    private long Scalar(string sql) => Convert.ToInt64(Query(sql), CultureInfo.InvariantCulture);

    private string StatusOf(string tracking) => (string)Query($"SELECT Status FROM EnrollmentRequests WHERE Id = '{Guid.Parse(tracking["/requests/".Length..]).ToString().ToUpperInvariant()}'")!;

    private object? Query(string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(portal.DataDirectory, "portal.db"), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Written here, with a parsed identifier.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }
}
