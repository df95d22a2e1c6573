using StarPortal.Core.Enrollment;
using StarPortal.Core.Shared;

namespace StarPortal.Tests.Enrollment;

[Trait("Category", "Unit")]
public sealed class EnrollmentRequestTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);
    private static readonly Guid Organisation = Guid.NewGuid();

    private readonly EnrollmentRequest request = EnrollmentRequest.Submit(Details(), Now);
    private readonly Actor officer = Officer();

    [Fact]
    public void Request_StaysWithThePerson_UntilTheAddressIsConfirmed()
    {
        var error = Assert.Throws<ServiceException>(() => request.Approve(officer, Now));

        Assert.Equal(ErrorKind.Conflict, error.Kind);
        Assert.Equal(RequestStatus.AwaitingConfirmation, request.Status);
    }

    [Fact]
    public void Approve_IsRefused_ForOnesOwnRequest()
    {
        request.Confirm(Now);
        var self = officer with { Id = request.UserId };

        Assert.All<Action>(
            [() => request.Approve(self, Now), () => request.Claim(self, Now), () => request.Hold(self, "?", Now), () => request.Reject(self, RejectionCode.Other, "no", Now)],
            act => Assert.Equal(ErrorKind.Forbidden, Assert.Throws<ServiceException>(act).Kind));
    }

    [Fact]
    public void Approve_IsRefused_TheSecondTime()
    {
        request.Confirm(Now);
        request.Approve(officer, Now);

        Assert.Throws<ServiceException>(() => request.Approve(Officer(), Now));
        Assert.Equal(officer.Id, request.DecidedBy);
    }

    [Fact]
    public void Question_PausesTheRequest_UntilItIsAnswered()
    {
        request.Confirm(Now);
        request.Hold(officer, "Who is your sponsor?", Now);
        Assert.Equal(RequestStatus.OnHold, request.Status);

        request.Answer("Prof. Noether", Now.AddHours(1));

        Assert.Equal(RequestStatus.AwaitingDecision, request.Status);
        Assert.Equal(["Who is your sponsor?", "Prof. Noether"], request.Messages.OrderBy(message => message.At).Select(message => message.Text));
    }

    [Fact]
    public void Nudge_IsRefused_WithinADay()
    {
        request.Confirm(Now);
        request.Nudge(Now);

        var error = Assert.Throws<ServiceException>(() => request.Nudge(Now.AddHours(23)));
        Assert.Equal(TimeSpan.FromHours(1), error.RetryAfter);
        request.Nudge(Now.AddHours(24));
        Assert.Equal(2, request.NudgeCount);
    }

    [Fact]
    public void Claim_IsRefused_WhenAnotherOfficerHoldsIt()
    {
        request.Confirm(Now);
        request.Claim(officer, Now);

        Assert.Throws<ServiceException>(() => request.Claim(Officer(), Now));
        Assert.Throws<ServiceException>(() => request.Release(Officer(), Now));
        request.Release(officer, Now);
        Assert.Null(request.ClaimedBy);
    }

    [Fact]
    public void Claim_Lapses_AfterTheTimeItIsGood()
    {
        request.Confirm(Now);
        request.Claim(officer, Now, TimeSpan.FromHours(8));
        var other = Officer();

        Assert.Throws<ServiceException>(() => request.Claim(other, Now.AddHours(7), TimeSpan.FromHours(8)));
        request.Claim(other, Now.AddHours(8), TimeSpan.FromHours(8));
        Assert.Equal(other.Id, request.ClaimedBy);
    }

    [Fact]
    public void OfficersClock_StandsStill_WhileAQuestionIsOpen()
    {
        request.Confirm(Now);
        request.Hold(officer, "Which experiment?", Now.AddHours(2));
        request.Hold(officer, "And whose group?", Now.AddHours(3));

        request.Answer("ITER, Dr. Sample", Now.AddHours(50));

        Assert.Equal(TimeSpan.FromHours(2), Now.AddHours(50) - request.WaitingSince);
        Assert.Null(request.HeldAt);
    }

    [Fact]
    public void ReturnToOfficers_OpensAnotherRound_WithTheReason()
    {
        request.Confirm(Now);
        request.Approve(officer, Now);

        request.ReturnToOfficers("The organisation is closed.", Now);

        Assert.Equal((RequestStatus.AwaitingDecision, 1, "The organisation is closed."), (request.Status, request.Round, request.IssueProblem));
        Assert.Null(request.DecidedBy);
        Assert.NotNull(request.EncryptedKey);
    }

    [Fact]
    public void Escalation_GoesEachStepOnce()
    {
        request.Confirm(Now);
        request.MarkEscalated(EscalationStep.Deputies, Now);

        Assert.Throws<ServiceException>(() => request.MarkEscalated(EscalationStep.Deputies, Now));
        request.MarkEscalated(EscalationStep.Administrators, Now);
        Assert.Throws<ServiceException>(() => request.MarkEscalated(EscalationStep.Deputies, Now));
    }

    public static TheoryData<string> Ends => ["withdrawn", "expired", "rejected", "issued"];

    [Theory]
    [MemberData(nameof(Ends))]
    public void End_ForgetsTheKeyAndFreesWhatWasReserved(string end)
    {
        request.Confirm(Now);

        EndBy(end);

        Assert.False(request.IsOpen);
        Assert.Null(request.EncryptedKey);
        Assert.Null(request.OpenKeyHash);
        Assert.Null(request.ReservedSubject);
        Assert.Throws<ServiceException>(() => request.Withdraw(Now));
        Assert.Throws<ServiceException>(() => request.Expire(Now));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n ")]
    [InlineData("no\u202Esey")]
    public void Reject_IsRefused_WithoutAReadableReason(string text)
    {
        request.Confirm(Now);

        var error = Assert.Throws<ServiceException>(() => request.Reject(officer, RejectionCode.NotAMember, text, Now));

        Assert.Equal(nameof(EnrollmentRequest.RejectionText), error.Field);
        Assert.Equal(RequestStatus.AwaitingDecision, request.Status);
        Assert.Null(request.RejectionCode);
    }

    private void EndBy(string end)
    {
        if (end == "withdrawn") request.Withdraw(Now);
        if (end == "expired") request.Expire(Now);
        if (end == "rejected") request.Reject(officer, RejectionCode.NotAMember, "We do not know you.", Now);
        if (end != "issued") return;
        request.Approve(officer, Now);
        request.MarkIssued(Guid.NewGuid(), Now);
    }

    private static Actor Officer() => new(Guid.NewGuid(), "olga", [new ActorGrant(PortalRole.Officer, Organisation)]) { HasSecondFactor = true };

    private static NewRequest Details() => new()
    {
        SubmissionId = Guid.NewGuid(), UserId = Guid.NewGuid(), UserName = "ada", FullName = "Ada Lovelace", Email = "ada@example.org",
        OrganisationId = Organisation, Purpose = "Analysis", Profile = "person", Subject = "DC=org, DC=starportal, CN=Ada Lovelace 123456",
        SubjectEncoded = [0x30, 0x00], ReservesSubject = true, KeySource = KeySource.Portal, PublicKeyInfo = [1], KeyHash = "aa", EncryptedKey = [2],
    };
}
