using StarPortal.Core.Authority;
using StarPortal.Web.Hosting.Status;

namespace StarPortal.Tests.Hosting;

[Trait("Category", "Unit")]
public sealed class StatusLinesTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>What people get has to be signed with RSA (gct#249).</summary>
    [Theory]
    [InlineData(true, true, false)]
    [InlineData(false, true, true)]
    [InlineData(false, false, false)]
    public void Status_Warns_WhenGridToolsCanNotUseWhatPeopleGet(bool isRsa, bool servesMyProxy, bool warns)
    {
        var people = new IssuerState(Issuers.People, CanSign: true, isRsa, Now.AddYears(1), Now, Now.AddDays(1));
        var servers = new IssuerState(Issuers.Servers, CanSign: true, IsRsa: false, Now.AddYears(1), Now, Now.AddDays(1));

        var lines = StatusLines.Of(new PortalStatus(Now, null, null, null, [people, servers], [], null), Now, servesMyProxy);

        Assert.Equal(warns, lines.Any(line => line is { Name: "MyProxy", Kind: "wait" }));
    }
}
