using StarPortal.Tests.Reliability;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Approval.ExternalCa;

/// <summary>What officers are told before they send something to a CA outside.</summary>
[Trait("Category", "Unit")]
public sealed class ExternalCaPagesTests
{
    [Fact]
    public async Task DecisionCard_SaysWhoSigns()
    {
        using var ca = new OutsideCa(TestClock.ProcessStart);
        await using var portal = await PortalApplication.StartAsync(ca.Settings("Token").ToDictionary(setting => setting.Key, setting => setting.Value!, StringComparer.Ordinal));
        using var officer = new PlainBrowser(portal);
        await officer.SignInAsync(portal.PersonaOf("officer"));
        using var asked = await RequestScene.AskAndConfirmAsync(portal, "outside");

        var card = await officer.OpenAsync(asked.Decision);

        Assert.Contains("A CA outside, to which your approval sends this.", card.Text, StringComparison.Ordinal);
        Assert.Contains("As it is asked for (the CA outside", card.Text, StringComparison.Ordinal);
    }
}
