using StarPortal.Core.Delegation;
using StarPortal.Core.Identity;
using StarPortal.Core.Mail;
using StarPortal.Core.Star;
using StarPortal.Web.Components.Pages.Admin;

namespace StarPortal.Tests.Identity;

[Trait("Category", "Unit")]
public sealed class AdminAlarmsTests
{
    private static readonly UserCounts Users = new(Accounts: 5, Unconfirmed: 1, Locked: 0, PrivilegedWithoutSecondFactor: 0);
    private static readonly MailCounts Mails = new(Pending: 1, Sent: 9, Dead: 0);

    [Fact]
    public void NothingIsWrong_WhenEveryOpenOrganisationIsCovered() =>
        Assert.Empty(AdminAlarms.Of([Cover("A", officers: 2), Cover("B", officers: 0, isOpen: false)], Users, Mails, [], [], [], StarTrouble.None, DelegationTrouble.None));

    [Fact]
    public void WorstComesFirst()
    {
        var alarms = AdminAlarms.Of([Cover("Thin", officers: 1), Cover("Bare", officers: 0), Cover("Deputised", officers: 0, deputies: 1)], Users, Mails with { Dead = 2 }, [], [], [], StarTrouble.None, DelegationTrouble.None);

        Assert.Equal(
            ["bad Bare has no officer", "bad 2 mails were given up", "warn Thin has 1 active officer", "warn Deputised has 0 active officers"],
            alarms.Select(alarm => $"{alarm.Kind} {alarm.Title}"));
    }

    [Fact]
    public void MissingSecondFactorsAndOrganisations_AreSaid() => Assert.Equal(
        ["1 person has a role but no second factor", "No organisation takes requests"],
        AdminAlarms.Of([], Users with { PrivilegedWithoutSecondFactor = 1 }, Mails, [], [], [], StarTrouble.None, DelegationTrouble.None).Select(alarm => alarm.Title));

    [Fact]
    public void DeedsThatFail_AreSaid_WithTheReason() => Assert.Equal(
        ["bad 1 deed of the kind publish-crl given up The newest says: The disk is full.", "warn 2 deeds of the kind issue failing The newest says: The key does not open. It is tried again by itself."],
        AdminAlarms.Of([Cover("A", officers: 2)], Users, Mails, [], [new("issue", false, 2, "The key does not open."), new("publish-crl", true, 1, "The disk is full."), new("mail", true, 1, "550")], [], StarTrouble.None, DelegationTrouble.None)
            .Select(alarm => $"{alarm.Kind} {alarm.Title} {alarm.Text}"));

    [Fact]
    public void RenewalsThatStandStillOrAreLate_AreSaid()
    {
        var since = new DateTimeOffset(2026, 3, 1, 12, 30, 0, TimeSpan.Zero);
        var alarms = AdminAlarms.Of([Cover("A", officers: 2)], Users, Mails, [], [], [], new StarTrouble(1, since, "CAA forbids it.", StarTroubles.MostCounted, since), new DelegationTrouble(2, since, "rateLimited: too many"));
        Assert.Equal(["bad 1 STAR order is not renewed", "bad 1000 or more STAR certificates are late", "bad 2 delegated certificates are not renewed by another CA"], alarms.Select(alarm => $"{alarm.Kind} {alarm.Title}"));
        Assert.Contains("since 1 Mar 12:30 UTC: CAA forbids it.", alarms[0].Text, StringComparison.Ordinal);
    }

    private static OrganisationCover Cover(string name, int officers, int deputies = 0, bool isOpen = true) => new(Guid.NewGuid(), name, isOpen, officers, deputies);
}
