using StarPortal.Core.Acme;

namespace StarPortal.Tests.Acme;

/// <summary>RFC 8659 4 with its examples, and RFC 8657.</summary>
[Trait("Category", "Unit")]
public sealed class CaaPolicyTests
{
    private const string Account = "https://ca1.example.net/acme/account/1";

    [Theory]
    [InlineData("ca1.example.net", true)]
    [InlineData(" \tCA1.example.NET ", true)]
    [InlineData("ca1.example.net; account=230123", true)]
    [InlineData("ca1.example.net ; a = b ; c=", true)]
    [InlineData("ca1.example.net;", true)]
    [InlineData("ca2.example.org", false)]
    [InlineData("sub.ca1.example.net", false)]
    [InlineData("", false)]
    [InlineData(";", false)]
    [InlineData("%%%%%", false)]
    [InlineData("ca1.example.net account=1", false)]
    [InlineData("ca1.example.net; account", false)]
    [InlineData("ca1.example.net; =1", false)]
    [InlineData("ca1.example.net; a=b;", false)]
    [InlineData("ca1.example.net; a=b c", false)]
    [InlineData("ca1.example.net; a b=c", false)]
    [InlineData("ca1.example.net.", false)]
    [InlineData("-ca1.example.net", false)]
    [InlineData("ca1.example.net\u00e9", false)]
    public void Issue_NamesTheIssuer(string value, bool isAllowed) => Assert.Equal(isAllowed, IsAllowed([Record("issue", value)]));

    [Fact]
    public void Issuers_AreAdditive() => Assert.True(IsAllowed([Record("issue", ";"), Record("issue", "ca2.example.org"), Record("ISSUE", "ca1.example.net")]));

    [Fact]
    public void WildRecord_CountsForWildcardsAlone_AndReplacesIssue()
    {
        CaaRecord[] records = [Record("issue", "ca1.example.net"), Record("issuewild", "ca2.example.org")];
        Assert.True(IsAllowed(records));
        Assert.False(IsAllowed(records, isWildcard: true));
        Assert.False(IsAllowed([Record("issuewild", "ca1.example.net"), Record("issue", ";")]));
        Assert.True(IsAllowed([Record("issuewild", "ca1.example.net"), Record("issue", ";")], isWildcard: true));
        Assert.True(IsAllowed([Record("issuewild", ";")]));
        Assert.False(IsAllowed([Record("issue", "ca2.example.org")], isWildcard: true));
    }

    [Theory]
    [InlineData("iodef", "mailto:a@example.org", false, true)]
    [InlineData("iodef", "mailto:a@example.org", true, true)]
    [InlineData("issuemail", ";", true, true)]
    [InlineData("tbs", "Unknown", false, true)]
    [InlineData("tbs", "Unknown", true, false)]
    [InlineData("auth\u0000", "x", true, false)]
    public void OtherProperty_ForbidsOnlyWhenCriticalAndUnknown(string tag, string value, bool isCritical, bool isAllowed) =>
        Assert.Equal(isAllowed, IsAllowed([Record(tag, value, isCritical), Record("issue", "ca1.example.net")]));

    [Fact]
    public void NoIssue_RestrictsNothing() => Assert.True(IsAllowed([Record("iodef", "mailto:a@example.org")]));

    [Theory]
    [InlineData($"accounturi={Account}", true)]
    [InlineData($"AccountURI={Account}", true)]
    [InlineData($"accounturi={Account}0", false)]
    [InlineData("accounturi=https://CA1.example.net/acme/account/1", false)]
    [InlineData("accounturi=", false)]
    [InlineData($"accounturi={Account};accounturi={Account}", false)]
    [InlineData("validationmethods=dns-01", true)]
    [InlineData("validationmethods=http-01,dns-01", true)]
    [InlineData("validationmethods=http-01", false)]
    [InlineData("validationmethods=", false)]
    [InlineData("validationmethods=DNS-01", false)]
    [InlineData("validationmethods=dns-01;validationmethods=dns-01", false)]
    [InlineData($"accounturi={Account};validationmethods=dns-01", true)]
    [InlineData($"accounturi={Account};validationmethods=http-01", false)]
    public void Parameters_Constrain(string parameters, bool isAllowed) => Assert.Equal(isAllowed, IsAllowed([Record("issue", $"ca1.example.net; {parameters}")]));

    [Fact]
    public void OneRecordThatFits_IsEnough() =>
        Assert.True(IsAllowed([Record("issue", "ca1.example.net; validationmethods=http-01"), Record("issue", $"ca1.example.net; accounturi={Account}")]));

    private static bool IsAllowed(CaaRecord[] records, bool isWildcard = false) =>
        new CaaPolicy(["other.example", "ca1.example.net"], isWildcard, Account, "dns-01").FindObjection(records) is null;

    private static CaaRecord Record(string tag, string value, bool isCritical = false) => new(DnsName.Parse("example.org"), isCritical, tag, value);
}
