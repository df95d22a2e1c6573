using Microsoft.Extensions.Options;
using StarPortal.Core.Mail;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Mail;

[Trait("Category", "Unit")]
public sealed class MailTemplateTests : IDisposable
{
    private static readonly Dictionary<string, string> Values = new(StringComparer.Ordinal)
    {
        ["portal"] = "StarPortal", ["sentAt"] = "now", ["server"] = "host", ["link"] = "https://portal.example.org/",
    };

    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task EveryTemplate_Renders_WithItsSamples()
    {
        await using var portal = await TestPortal.StartAsync();
        var templates = portal.Get<MailTemplates>();
        Assert.NotEmpty(templates.All);
        Assert.All(templates.All, template =>
        {
            var mail = templates.Preview(template.Name);
            Assert.DoesNotContain("{{", mail.Subject + mail.Text + mail.Html, StringComparison.Ordinal);
            Assert.All(template.Samples.Keys, name => Assert.Matches("^[a-z][A-Za-z0-9]*$", name));
        });
    }

    [Fact]
    public async Task Values_AreEscapedInHtml_AndPlainInText()
    {
        await using var portal = await TestPortal.StartAsync();
        var mail = portal.Get<MailTemplates>().Render("mail/test", "a@example.org", With("server", "<b>&\"host\"</b>"));
        Assert.Contains("&lt;b&gt;&amp;&quot;host&quot;&lt;/b&gt;", mail.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", mail.Html, StringComparison.Ordinal);
        Assert.Contains("Sent by: <b>&\"host\"</b>", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ValuesThatLookLikePlaceholders_AreNotFilledAgain()
    {
        await using var portal = await TestPortal.StartAsync();
        var mail = portal.Get<MailTemplates>().Render("mail/test", "a@example.org", With("server", "{{link}} {{nope}}"));
        Assert.Contains("Sent by: {{link}} {{nope}}", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Subject_StaysOneLine()
    {
        await using var portal = await TestPortal.StartAsync();
        var mail = portal.Get<MailTemplates>().Render("mail/test", "a@example.org", With("portal", "A\r\nBcc: b@example.org"));
        Assert.DoesNotContain('\n', mail.Subject);
        Assert.DoesNotContain('\r', mail.Subject);
    }

    [Fact]
    public async Task Render_Fails_WhenAValueIsMissing()
    {
        await using var portal = await TestPortal.StartAsync();
        var values = new Dictionary<string, string>(Values, StringComparer.Ordinal);
        values.Remove("server");
        var error = Assert.Throws<InvalidOperationException>(() => portal.Get<MailTemplates>().Render("mail/test", "a@example.org", values));
        Assert.Contains("server", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("/relative")]
    public async Task Button_LeadsToTheWebOnly(string link)
    {
        await using var portal = await TestPortal.StartAsync();
        Assert.Throws<InvalidOperationException>(() => portal.Get<MailTemplates>().Render("mail/test", "a@example.org", With("link", link)));
    }

    [Fact]
    public async Task Text_KeepsLinksWhole_AndLinesShort()
    {
        await using var portal = await TestPortal.StartAsync();
        var link = "https://portal.example.org/confirm/" + new string('x', 120);
        var text = portal.Get<MailTemplates>().Render("mail/test", "a@example.org", With("link", link)).Text;
        Assert.Contains($"\r\n{link}\r\n", text, StringComparison.Ordinal);
        Assert.All(text.Split("\r\n").Where(line => line != link), line => Assert.InRange(line.Length, 0, 72));
    }

    [Fact]
    public async Task FileOfTheAdministrator_ReplacesOurs()
    {
        Write("mail/test.txt", "Subject: Ours is {{portal}}\n\nHello from {{server}}.\n");
        await using var portal = await TestPortal.StartAsync(Settings());
        var mail = portal.Get<MailTemplates>().Render("mail/test", "a@example.org", Values);
        Assert.Equal("Ours is StarPortal", mail.Subject);
        Assert.True(portal.Get<MailTemplates>().Get("mail/test").IsOverridden);
    }

    [Theory]
    [InlineData("mail/test.txt", "Subject: x\n\n{{nonsense}}\n", "nonsense")]
    [InlineData("mail/test.txt", "No subject\n\nText\n", "Subject")]
    [InlineData("mail/test.txt", "Subject: x\nno empty line\n", "empty line")]
    [InlineData("mail/unknown.txt", "Subject: x\n\nText\n", "replaces none of ours")]
    public async Task BrokenFile_StopsTheStart_WithOneLine(string path, string content, string reason)
    {
        Write(path, content);
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => TestPortal.StartAsync(Settings()));
        var line = Assert.Single(error.Failures);
        Assert.Contains(reason, line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
    }

    [Theory]
    [InlineData("Mail:Transport=Smtp", "Mail:Host")]
    [InlineData("Mail:Transport=Smtp;Mail:Host=mail.example.org;Mail:Port=465", "465")]
    [InlineData("Mail:Transport=Smtp;Mail:Host=mail.example.org;Mail:UserName=a", "belong together")]
    [InlineData("Mail:Transport=Smtp;Mail:Host=mail.example.org;Mail:Password=a", "belong together")]
    [InlineData("Mail:Transport=Smtp;Mail:Host=mail.example.org;Mail:UserName=a;Mail:Password=b;Mail:RequireTls=false", "in the clear")]
    [InlineData("Mail:Transport=Smtp;Mail:Host=mail.example.org;Mail:UserName=a;Mail:PasswordFile=/nowhere", "/nowhere")]
    [InlineData("Mail:From=not an address", "Mail:From")]
    [InlineData("Mail:TemplateDirectory=/nowhere", "/nowhere")]
    [InlineData("Mail:Timeout=01:00:00", "Timeout")]
    public async Task UnusableOptions_StopTheStart(string settings, string reason)
    {
        var given = settings.Split(';').Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], string? (pair) => pair[1], StringComparer.Ordinal);
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => TestPortal.StartAsync(given));
        Assert.Contains(error.Failures, failure => failure.Contains(reason, StringComparison.Ordinal));
    }

    private static Dictionary<string, string> With(string name, string value) => new(Values, StringComparer.Ordinal) { [name] = value };

    private void Write(string path, string content)
    {
        var file = folder[path.Split('/')];
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
    }

    private Dictionary<string, string?> Settings() => new(StringComparer.Ordinal) { ["Mail:TemplateDirectory"] = folder.FullPath };
}
