using System.Net;
using StarPortal.Tests.Hosting;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Credentials;

/// <summary>The pages of passphrases without scripts: what is refused stands beside its field, what was typed is still there but passphrases, and strangers learn nothing.</summary>
[Trait("Category", "Interop")]
public sealed class PassphrasePagesTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    private const string New = "copper meadow zeppelin nine";

    private readonly PortalApplication portal = fixture.Portal;

    [Theory]
    [InlineData("/password/change", "change", "Passphrase", "short")]
    [InlineData("/password/change", "change", "PassphraseAgain", "another one altogether")]
    [InlineData("/password/change", "change", "Hint", "coppermeadowzeppelinnine")]
    [InlineData("/password/forgotten", "forgotten", "Passphrase", "short")]
    [InlineData("/password/forgotten", "forgotten", "PassphraseAgain", "another one altogether")]
    [InlineData("/password/forgotten", "forgotten", "Hint", "coppermeadowzeppelinnine")]
    public async Task Form_ComesBackWithTheMessageBesideItsField_AndWithoutPassphrases(string path, string form, string field, string text)
    {
        using var visitor = new PlainBrowser(portal);
        var values = Fields(form, "somebody", hint: "what the ship carried");
        values[$"Input.{field}"] = text;

        var page = await visitor.SendAsync(path, form, values);

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.NotNull(page.Document.QuerySelector($"#{field}-error"));
        Assert.Equal("somebody", page.Document.QuerySelector("#UserName")!.GetAttribute("value"));
        if (field != "Hint") Assert.Equal("what the ship carried", page.Document.QuerySelector("#Hint")!.GetAttribute("value"));
        Assert.All(page.Document.QuerySelectorAll("input[type=password]"), input => Assert.Null(input.GetAttribute("value")));
        Assert.DoesNotContain(New, page.Source, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/password/hint", "hint")]
    [InlineData("/password/forgotten", "forgotten")]
    [InlineData("/password/change", "change")]
    public async Task Answer_IsTheSame_WhetherThereIsSuchAPerson(string path, string form)
    {
        using var visitor = new PlainBrowser(portal);
        List<string> answers = [];
        foreach (var name in (string[])["subscriber", "nobody-here"]) answers.Add((await visitor.SendAsync(path, form, Fields(form, name))).Text);

        Assert.Equal(answers[0], answers[1]);
    }

    [Fact]
    public async Task KeyHoldersPage_KeepsWhatWasPasted_AndSaysWhatIsWrong()
    {
        using var visitor = new PlainBrowser(portal);

        var page = await visitor.SendAsync("/revoke", "revoke-by-key", new Dictionary<string, string>(StringComparer.Ordinal) { ["Input.Proof"] = "certificate, please" });

        Assert.NotNull(page.Document.QuerySelector("#Proof-error"));
        Assert.Equal("certificate, please", page.Document.QuerySelector("#Proof")!.TextContent.Trim());
    }

    [Fact]
    public async Task RemovalPages_AreForOfficersOnly()
    {
        using PlainBrowser stranger = new(portal), subscriber = new(portal);
        await subscriber.SignInAsync(portal.PersonaOf("subscriber"));

        foreach (var path in (string[])["/ra/removals", "/ra/people/officer"])
        {
            Assert.Equal("/account/sign-in", (await stranger.OpenAsync(path)).Address.AbsolutePath);
            Assert.Null((await subscriber.OpenAsync(path)).FindForm("remove"));
        }
    }

    private static Dictionary<string, string> Fields(string form, string userName, string? hint = null)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["Input.UserName"] = userName };
        if (form == "hint") return fields;
        (fields["Input.Passphrase"], fields["Input.PassphraseAgain"]) = (New, New);
        if (hint is not null) fields["Input.Hint"] = hint;
        if (form == "change") fields["Input.OldPassphrase"] = "not the passphrase at all";
        return fields;
    }
}
