using System.Globalization;

namespace StarPortal.Tests.Support;

/// <summary>What somebody types on the request page; right in every field.</summary>
internal static class AskedRequest
{
    public const string Passphrase = "seven otters juggle quietly";

    /// <param name="page">The request page.</param>
    /// <param name="userName">Unused as yet; the address is made of it.</param>
    /// <param name="fullName">In any script.</param>
    public static FilledForm Fill(HtmlPage page, string userName, string fullName = "Ada Lovelace") => PlainBrowser.Fill(page, "request", new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Input.UserName"] = userName,
        ["Input.FullName"] = fullName,
        ["Input.Email"] = EmailOf(userName),
        ["Input.OrganisationId"] = OrganisationOf(page, "Demo University"),
        ["Input.Purpose"] = "Simulations on the shared cluster",
        ["Input.Sponsor"] = "Prof. Noether",
        ["Input.Passphrase"] = Passphrase,
        ["Input.PassphraseAgain"] = Passphrase,
        ["Act"] = "send",
    });

    public static string EmailOf(string userName) => string.Create(CultureInfo.InvariantCulture, $"{userName}@example.org");

    private static string OrganisationOf(HtmlPage page, string name) =>
        page.Document.QuerySelectorAll("select[name='Input.OrganisationId'] option").Single(option => option.TextContent.Trim() == name).GetAttribute("value")!;
}
