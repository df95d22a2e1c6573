using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Renewal;
using StarPortal.Core.Shared;

namespace StarPortal.Tests.Renewal;

/// <summary>What people correct while renewing, and what stands in the way of it.</summary>
[Trait("Category", "Unit")]
public sealed class CorrectionTests
{
    private static readonly RenewalForm Form = new() { Passphrase = EndingPerson.Passphrase };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Address_IsConfirmedFirst_AndCertifiedThen()
    {
        await using var portal = await EndingPerson.StartAsync();
        var ada = await EndingPerson.AddAsync(portal);
        Assert.Equal(RenewalOutcome.AddressAsked, await ada.RenewAsync(await ada.LinkAsync(), Form with { Email = "ada@new.example.com" }));
        await portal.DrainOutboxAsync();
        var mail = portal.Mails.Single(sent => sent.To.Contains("ada@new.example.com", StringComparison.Ordinal));
        var next = await portal.Get<AddressChanges>().ConfirmAsync(mail.LinkTo("/address/").Segments[^1], Actor.Anonymous(), Ct);
        Assert.Equal(RenewalOutcome.Renewed, await ada.RenewAsync(RenewalEntrance.ByLink(next), Form));

        await portal.DrainOutboxAsync();
        await using var db = portal.NewDb();
        Assert.Equal(["email:ada@new.example.com"], (await db.IssuedCertificates.SingleAsync(row => row.UserId == ada.Actor.Id && row.Id != ada.Certificate.Id, Ct)).Names);
        Assert.Contains(portal.Mails, sent => sent.Subject == "Your e-mail address was changed" && sent.To.Contains(ada.Email, StringComparison.Ordinal));
    }

    [Fact]
    public async Task AddressLink_WorksOnce_AndNotForever()
    {
        await using var portal = await EndingPerson.StartAsync();
        var ada = await EndingPerson.AddAsync(portal);
        await ada.RenewAsync(ada.Account, Form with { Email = "ada@new.example.com" }, ada.Actor);
        await portal.DrainOutboxAsync();
        var token = portal.Mails.Single(sent => sent.To.Contains("ada@new.example.com", StringComparison.Ordinal)).LinkTo("/address/").Segments[^1];

        var bob = await portal.AddPersonAsync(PortalRole.Subscriber, ada.Person.Organisation);
        await Assert.ThrowsAsync<ServiceException>(() => portal.Get<AddressChanges>().ConfirmAsync(token, bob, Ct));
        await portal.Get<AddressChanges>().ConfirmAsync(token, Actor.Anonymous(), Ct);
        Assert.Equal(ErrorKind.Gone, (await Assert.ThrowsAsync<ServiceException>(() => portal.Get<AddressChanges>().ConfirmAsync(token, Actor.Anonymous(), Ct))).Kind);
        Assert.NotNull((await portal.Get<AddressChanges>().GetAsync(token, Ct)).Problem);
    }

    [Fact]
    public async Task Addresses_AreNotTriedWithoutEnd()
    {
        await using var portal = await EndingPerson.StartAsync();
        var ada = await EndingPerson.AddAsync(portal);
        for (var i = 0; i < 5; i++) await ada.RenewAsync(ada.Account, Form with { Email = $"ada{i}@new.example.com" }, ada.Actor);
        Assert.Equal(ErrorKind.TooMany, (await ada.RefusalAsync(ada.Account, Form with { Email = "ada@new.example.com" }, ada.Actor)).Kind);
    }

    [Theory]
    [InlineData("not an address", null)]
    [InlineData("ada@mailinator.com", null)]
    [InlineData(null, "no number")]
    public async Task Form_IsRefused_BesideTheField(string? email, string? phone)
    {
        await using var portal = await EndingPerson.StartAsync();
        var ada = await EndingPerson.AddAsync(portal);
        var refusal = await ada.RefusalAsync(ada.Account, Form with { Email = email, Phone = phone }, ada.Actor);
        Assert.Equal((ErrorKind.Invalid, email is null ? RenewalErrors.PhoneField : RenewalErrors.EmailField), (refusal.Kind, refusal.Field));
    }

    [Fact]
    public async Task Organisation_IsAWish_ThatItsOfficersGrant()
    {
        await using var portal = await EndingPerson.StartAsync();
        var ada = await EndingPerson.AddAsync(portal);
        var other = await portal.AddOrganisationAsync("Other Lab");
        var (officer, stranger) = (await portal.AddOfficerAsync(other), await portal.AddOfficerAsync(ada.Person.Organisation));
        Assert.Equal(RenewalOutcome.Renewed, await ada.RenewAsync(ada.Account, Form with { OrganisationId = other.Id, Phone = "+49 30 123456" }, ada.Actor));

        var desk = portal.Get<EntitlementDesk>();
        Assert.Empty((await desk.ReadAsync(stranger, Ct)).Rows);
        Assert.True(Assert.Single((await desk.ReadAsync(officer, Ct)).Rows).IsMove);
        await desk.AnswerAsync([ada.Actor.Id!.Value], areOurs: true, officer, Ct);
        await using var db = portal.NewDb();
        var user = await db.Users.SingleAsync(candidate => candidate.Id == ada.Actor.Id, Ct);
        Assert.Equal((other.Id, "+49 30 123456"), (user.OrganisationId, user.PhoneNumber));
    }

    [Fact]
    public async Task PendingRequest_DoesNotHoldUpTheHolder_AndIsWithdrawn()
    {
        await using var portal = await EndingPerson.StartAsync();
        var ada = await EndingPerson.AddAsync(portal);
        var requestId = await AddRequestAsync(ada, approved: false);
        Assert.Equal(RenewalOutcome.Renewed, await ada.RenewAsync(ada.Account, actor: ada.Actor));

        await using var db = portal.NewDb();
        Assert.Equal(RequestStatus.Withdrawn, (await db.EnrollmentRequests.SingleAsync(request => request.Id == requestId, Ct)).Status);
    }

    [Fact]
    public async Task ApprovedRequest_IsWaitedFor()
    {
        await using var portal = await EndingPerson.StartAsync();
        var ada = await EndingPerson.AddAsync(portal);
        await AddRequestAsync(ada, approved: true);
        Assert.Equal(RenewalErrors.BeingIssued().Message, (await ada.RefusalAsync(ada.Account, actor: ada.Actor)).Message);
    }

    /// <summary>A request for the same name, as a recovery of the passphrase makes one.</summary>
    private static async Task<Guid> AddRequestAsync(EndingPerson ada, bool approved)
    {
        var key = ProtectedKeys.Make(KeyAlgorithm.EcdsaP256, "some other passphrase");
        var now = ada.Portal.Clock.Now;
        var request = EnrollmentRequest.Submit(new NewRequest
        {
            SubmissionId = Guid.NewGuid(), UserId = ada.Actor.Id!.Value, UserName = ada.Actor.Name, FullName = ada.Actor.Name, Email = ada.Email, OrganisationId = ada.Person.Organisation.Id,
            Purpose = "I have forgotten my passphrase", Profile = ada.Certificate.Profile, Subject = ada.Certificate.Subject, SubjectEncoded = DistinguishedName.Parse(ada.Certificate.Subject).Encoded,
            ReservesSubject = false, KeySource = KeySource.Portal, PublicKeyInfo = key.PublicKeyInfo, KeyHash = PublicKeyFacts.HashOf(key.PublicKeyInfo),
        }, now);
        request.Confirm(now);
        if (approved) request.Approve(await ada.Portal.AddOfficerAsync(ada.Person.Organisation), now);
        await using var db = ada.Portal.NewDb();
        db.EnrollmentRequests.Add(request);
        await db.SaveChangesAsync(Ct);
        return request.Id;
    }
}
