using System.Net;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Reliability;

internal static class Invitations
{
    /// <summary>Invites somebody to be an officer of every organisation, by the administrator's form.</summary>
    public static async Task InviteAsync(PlainBrowser administrator, string userName, string? organisation = null)
    {
        var form = await administrator.OpenAsync("/admin/officers/invite");
        var page = await administrator.SendAsync(PlainBrowser.Fill(form, "invite", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Input.FullName"] = "Grace Hopper", ["Input.Email"] = AskedRequest.EmailOf(userName), ["Input.UserName"] = userName, ["Input.Role"] = "Officer",
            ["Input.OrganisationId"] = organisation is null ? "" : form.Document.QuerySelectorAll("option").Single(option => option.TextContent.Trim() == organisation).GetAttribute("value")!,
        }));
        Assert.True(page.Status is HttpStatusCode.OK && page.Address.Query.Contains("done=invited", StringComparison.Ordinal), page.Text);
    }

    /// <summary>The page of the link, and the form with a passphrase in it.</summary>
    public static FilledForm Fill(HtmlPage page) => PlainBrowser.Fill(page, "accept", Passphrases);

    public static Dictionary<string, string> Passphrases => new(StringComparer.Ordinal)
    {
        ["Input.Passphrase"] = AskedRequest.Passphrase, ["Input.PassphraseAgain"] = AskedRequest.Passphrase,
    };
}
