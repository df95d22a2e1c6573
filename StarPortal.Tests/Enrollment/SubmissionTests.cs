using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Enrollment;

[Trait("Category", "Unit")]
public sealed class SubmissionTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(TestDatabase.Providers), MemberType = typeof(TestDatabase))]
    public async Task Submit_MakesAccountRequestAndMail_InOneUnitOfWork(DatabaseProvider provider)
    {
        await using var portal = await TestPortal.StartAsync(provider: provider);
        var organisation = await portal.AddOrganisationAsync("Example University", "example.org");

        var request = await portal.Get<EnrollmentService>().SubmitAsync(EnrollmentForms.For(organisation), EnrollmentForms.Visitor(), Ct);
        await portal.DrainOutboxAsync();

        await using var db = portal.NewDb();
        var user = await db.Users.SingleAsync(found => found.Id == request.UserId, Ct);
        Assert.Equal(("ada", false), (user.UserName, user.EmailConfirmed));
        Assert.Equal(RequestStatus.AwaitingConfirmation, request.Status);
        Assert.Contains(await db.AuditRecords.ToListAsync(Ct), record => record.Action is AuditAction.RequestSubmitted && record.ObjectId == request.Id.ToString());
        Assert.Contains("ada@example.org", Assert.Single(portal.Mails).To, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PortalKey_OpensWithThePassphraseOnly_AndBelongsToTheRequest()
    {
        await using var portal = await TestPortal.StartAsync();
        var form = EnrollmentForms.For(await portal.AddOrganisationAsync("Example University"));

        var request = await portal.Get<EnrollmentService>().SubmitAsync(form, EnrollmentForms.Visitor(), Ct);

        var stored = portal.Get<RequestKeys>().OpenEnvelope(request)!;
        using var key = ProtectedKeys.Open(stored, EnrollmentForms.Passphrase);
        Assert.Equal(request.PublicKeyInfo, key.ExportSubjectPublicKeyInfo());
        Assert.Throws<ServiceException>(() => ProtectedKeys.Open(stored, "another passphrase altogether"));
        Assert.Throws<ServiceException>(() => ProtectedKeys.Open(request.EncryptedKey!, EnrollmentForms.Passphrase));
    }

    [Fact]
    public async Task Subject_IsWhatThePreviewShowed()
    {
        await using var portal = await TestPortal.StartAsync();
        var form = EnrollmentForms.For(await portal.AddOrganisationAsync("Example University")).With(form => form.FullName = "Zoë Łukasz Größe");

        var shown = (await portal.Get<EnrollmentChecker>().CheckAsync(form, EnrollmentForms.Visitor(), Ct)).Preview!;
        var request = await portal.Get<EnrollmentService>().SubmitAsync(form, EnrollmentForms.Visitor(), Ct);

        Assert.Equal(shown.Subject, request.Subject);
        Assert.Matches(@"^DC=org, DC=starportal, O=Example University, CN=Zoe Lukasz Grosse \d{6}$", request.Subject);
        Assert.Equal(["email:ada@example.org"], shown.Names);
        Assert.Equal("Zoë Łukasz Größe", request.FullName);
        Assert.Equal(shown.Subject, request.ToIssuanceOrder().Subject.ToString());
    }

    [Fact]
    public async Task SigningRequest_IsTakenWithItsKey_AndThePortalKeepsNone()
    {
        await using var portal = await TestPortal.StartAsync();
        using var key = RSA.Create(3072);
        var form = EnrollmentForms.For(await portal.AddOrganisationAsync("Example University")).WithRequest(EnrollmentForms.SigningRequestOf(key));

        var request = await portal.Get<EnrollmentService>().SubmitAsync(form, EnrollmentForms.Visitor(), Ct);

        Assert.Equal(key.ExportSubjectPublicKeyInfo(), request.PublicKeyInfo);
        Assert.Null(request.EncryptedKey);
        Assert.Contains(request.Findings, finding => finding.Code == EnrollmentFindings.SubjectLeftOut);
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Providers), MemberType = typeof(TestDatabase))]
    public async Task SameForm_MakesOneRequest_HoweverOftenAndHoweverParallelItIsSent(DatabaseProvider provider)
    {
        await using var portal = await TestPortal.StartAsync(provider: provider);
        var form = EnrollmentForms.For(await portal.AddOrganisationAsync("Example University"));
        var service = portal.Get<EnrollmentService>();

        var requests = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => service.SubmitAsync(form, EnrollmentForms.Visitor(), Ct), Ct)));
        var later = await service.SubmitAsync(form.With(form => form.Purpose = "changed after going back"), EnrollmentForms.Visitor(), Ct);

        Assert.Single(requests.Append(later).Select(request => request.Id).Distinct());
        var rows = await portal.CountRowsAsync();
        Assert.Equal((1, 1, 1, 1), (rows.Requests, rows.Users, rows.Links, rows.Outbox));
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Providers), MemberType = typeof(TestDatabase))]
    public async Task UserName_GoesToOne_WhenTwoAskForItAtOnceInDifferentCase(DatabaseProvider provider)
    {
        await using var portal = await TestPortal.StartAsync(provider: provider);
        var organisation = await portal.AddOrganisationAsync("Example University");
        var service = portal.Get<EnrollmentService>();

        var outcomes = await Task.WhenAll(new[] { "ada", "ADA", "Ada" }.Select(name => Task.Run(() => TryAsync(() => service.SubmitAsync(EnrollmentForms.For(organisation, name), EnrollmentForms.Visitor(), Ct)), Ct)));

        Assert.Single(outcomes, refusal => refusal is null);
        Assert.All(outcomes.OfType<ServiceException>(), refusal => Assert.Equal("UserName", refusal.Field));
        Assert.Equal(1, (await portal.CountRowsAsync()).Requests);
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Providers), MemberType = typeof(TestDatabase))]
    public async Task Key_IsInOneOpenRequest_WhenTwoSendItAtOnce(DatabaseProvider provider)
    {
        await using var portal = await TestPortal.StartAsync(provider: provider);
        var organisation = await portal.AddOrganisationAsync("Example University");
        using var key = RSA.Create(3072);
        var pem = EnrollmentForms.SigningRequestOf(key);
        var service = portal.Get<EnrollmentService>();

        var outcomes = await Task.WhenAll(new[] { "ada", "grace" }.Select(name =>
            Task.Run(() => TryAsync(() => service.SubmitAsync(EnrollmentForms.For(organisation, name).WithRequest(pem), EnrollmentForms.Visitor(), Ct)), Ct)));

        Assert.Single(outcomes, refusal => refusal is null);
        Assert.Equal("SigningRequest", outcomes.OfType<ServiceException>().Single().Field);
        Assert.Equal(1, (await portal.CountRowsAsync()).Users);
    }

    [Fact]
    public async Task Requests_AreLimited_PerAddress()
    {
        await using var portal = await TestPortal.StartAsync(new Dictionary<string, string?> { ["Enrollment:RequestsPerAddressPerHour"] = "2" });
        var organisation = await portal.AddOrganisationAsync("Example University");
        var service = portal.Get<EnrollmentService>();
        await service.SubmitAsync(EnrollmentForms.For(organisation, "one"), EnrollmentForms.Visitor(), Ct);
        await service.SubmitAsync(EnrollmentForms.For(organisation, "two"), EnrollmentForms.Visitor(), Ct);

        var refusal = await Assert.ThrowsAsync<ServiceException>(() => service.SubmitAsync(EnrollmentForms.For(organisation, "three"), EnrollmentForms.Visitor(), Ct));

        Assert.Equal(ErrorKind.TooMany, refusal.Kind);
        await service.SubmitAsync(EnrollmentForms.For(organisation, "four"), EnrollmentForms.Visitor("198.51.100.1"), Ct);
        portal.Clock.Advance(TimeSpan.FromHours(1));
        await service.SubmitAsync(EnrollmentForms.For(organisation, "three"), EnrollmentForms.Visitor(), Ct);
    }

    [Fact]
    public async Task FindingsToAcknowledge_KeepTheRequestBack_UntilThePersonSaysWhy()
    {
        await using var portal = await TestPortal.StartAsync();
        var organisation = await portal.AddOrganisationAsync("Example University", "uni.example");
        var form = EnrollmentForms.For(organisation);
        var service = portal.Get<EnrollmentService>();

        var first = await Assert.ThrowsAsync<ServiceException>(() => service.SubmitAsync(form, EnrollmentForms.Visitor(), Ct));
        var second = await Assert.ThrowsAsync<ServiceException>(() => service.SubmitAsync(form.With(form => form.Acknowledge = true), EnrollmentForms.Visitor(), Ct));
        var request = await service.SubmitAsync(form.With(form => form.AcknowledgementReason = "I am a guest until June."), EnrollmentForms.Visitor(), Ct);

        Assert.Equal(("Acknowledge", "AcknowledgementReason"), (first.Field, second.Field));
        Assert.Equal("I am a guest until June.", request.AcknowledgementReason);
        Assert.Contains(request.Findings, finding => finding.Code == EnrollmentFindings.AddressDomain);
    }

    [Fact]
    public async Task SignedInSubscriber_AsksAgain_WithTheSameSubjectAndAccount()
    {
        await using var portal = await TestPortal.StartAsync();
        var organisation = await portal.AddOrganisationAsync("Example University");
        var earlier = await portal.SubmitConfirmedAsync(EnrollmentForms.For(organisation));
        var ada = new Actor(earlier.UserId, "ada", []) { Address = "192.0.2.7" };
        var form = new EnrollmentForm { SubmissionId = Guid.NewGuid(), Purpose = "A second machine", Passphrase = EnrollmentForms.Passphrase };

        var request = await portal.Get<EnrollmentService>().SubmitAsync(form, ada, Ct);

        Assert.Equal((earlier.UserId, earlier.Subject), (request.UserId, request.Subject));
        Assert.Equal(RequestStatus.AwaitingDecision, request.Status);
        Assert.Equal(1, (await portal.CountRowsAsync()).Users);
    }

    [Fact]
    public async Task SignedInSubscriber_IsRefused_WithAnotherPassphrase()
    {
        await using var portal = await TestPortal.StartAsync();
        var earlier = await portal.SubmitConfirmedAsync(EnrollmentForms.For(await portal.AddOrganisationAsync("Example University")));
        var form = new EnrollmentForm { SubmissionId = Guid.NewGuid(), Purpose = "A second machine", Passphrase = "not the passphrase at all" };

        var refusal = await Assert.ThrowsAsync<ServiceException>(() => portal.Get<EnrollmentService>().SubmitAsync(form, new Actor(earlier.UserId, "ada", []), Ct));

        Assert.Equal((ErrorKind.Unauthenticated, "Passphrase"), (refusal.Kind, refusal.Field));
        Assert.Equal(1, (await portal.CountRowsAsync()).Requests);
    }

    private static async Task<ServiceException?> TryAsync(Func<Task> act)
    {
        try
        {
            await act();
            return null;
        }
        catch (ServiceException refusal)
        {
            return refusal;
        }
    }
}
