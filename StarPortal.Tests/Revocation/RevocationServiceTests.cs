using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Credentials;
using StarPortal.Core.Revocation;
using StarPortal.Core.Shared;
using StarPortal.Tests.Credentials;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Revocation;

[Trait("Category", "Unit")]
public sealed class RevocationServiceTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Revoke_HoldsAtOnceAndMailsTheHolder_ForOnesOwnCertificate()
    {
        await using var portal = await TestPortal.StartAsync();
        var ada = await CertifiedPerson.AddAsync(portal);

        await portal.Get<RevocationService>().RevokeAsync(ada.Certificate.SerialNumber, RevocationCause.KeyExposed, note: null, ada.Actor, Ct);
        await portal.DrainOutboxAsync();

        await using var db = portal.NewDb();
        var row = await db.IssuedCertificates.SingleAsync(certificate => certificate.Id == ada.Certificate.Id, Ct);
        Assert.Equal((portal.Clock.Now, RevocationReason.KeyCompromise), (row.RevokedAt, row.RevocationReason));
        Assert.Contains(portal.Mails, mail => mail.Subject == "Your certificate has been revoked" && mail.To.Contains(ada.Actor.Name, StringComparison.Ordinal));
        Assert.True(await db.Outbox.AnyAsync(item => item.Kind == "publish-crl", Ct));
    }

    [Fact]
    public async Task Revoke_NeedsAWord_FromAnOfficer()
    {
        await using var portal = await TestPortal.StartAsync();
        var ada = await CertifiedPerson.AddAsync(portal);
        var officer = await portal.AddOfficerAsync(ada.Organisation);
        var service = portal.Get<RevocationService>();

        var refusal = await Assert.ThrowsAsync<ServiceException>(() => service.RevokeAsync(ada.Certificate.SerialNumber, RevocationCause.MembershipEnded, " ", officer, Ct));
        Assert.Equal(RevocationErrors.NoteField, refusal.Field);

        await service.RevokeAsync(ada.Certificate.SerialNumber, RevocationCause.MembershipEnded, "Left in May.", officer, Ct);
        await portal.DrainOutboxAsync();
        Assert.Contains("Left in May.", portal.Mails.Single(mail => mail.Subject.Contains("revoked", StringComparison.Ordinal)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_DoesNotExist_ForOthers()
    {
        await using var portal = await TestPortal.StartAsync();
        var ada = await CertifiedPerson.AddAsync(portal);
        var elsewhere = await portal.AddOrganisationAsync("Elsewhere");
        Actor[] others = [(await CertifiedPerson.AddAsync(portal)).Actor, await portal.AddOfficerAsync(elsewhere)];

        foreach (var other in others)
        {
            var read = await Assert.ThrowsAsync<ServiceException>(() => portal.Get<RevocationService>().GetAsync(ada.Certificate.SerialNumber, other, Ct));
            var revoke = await Assert.ThrowsAsync<ServiceException>(() =>
                portal.Get<RevocationService>().RevokeAsync(ada.Certificate.SerialNumber, RevocationCause.KeyExposed, "because", other, Ct));
            Assert.Equal((ErrorKind.NotFound, ErrorKind.NotFound), (read.Kind, revoke.Kind));
        }
    }

    [Fact]
    public async Task Revoke_NeedsASecondFactor_FromAnOfficerButNotFromTheHolder()
    {
        await using var portal = await TestPortal.StartAsync();
        var ada = await CertifiedPerson.AddAsync(portal);
        var officer = await portal.AddOfficerAsync(ada.Organisation) with { HasSecondFactor = false };

        var refusal = await Assert.ThrowsAsync<ServiceException>(() => portal.Get<RevocationService>().GetAsync(ada.Certificate.SerialNumber, officer, Ct));

        Assert.Equal(ErrorKind.Forbidden, refusal.Kind);
        Assert.True((await portal.Get<RevocationService>().GetAsync(ada.Certificate.SerialNumber, ada.Actor with { HasSecondFactor = false }, Ct)).IsOwn);
    }

    [Fact]
    public async Task Revoke_HappensOnce_WhenTwoDoItAtOnce()
    {
        await using var portal = await TestPortal.StartAsync();
        var ada = await CertifiedPerson.AddAsync(portal);
        var officer = await portal.AddOfficerAsync(ada.Organisation);

        var outcomes = await Task.WhenAll(
            TryAsync(portal, ada, ada.Actor), TryAsync(portal, ada, officer), TryAsync(portal, ada, ada.Actor), TryAsync(portal, ada, officer));
        await portal.DrainOutboxAsync();

        Assert.Equal(1, outcomes.Count(outcome => outcome is null));
        Assert.All(outcomes.OfType<ServiceException>(), refusal => Assert.Equal(ErrorKind.Conflict, refusal.Kind));
        Assert.Single(portal.Mails, mail => mail.Subject.Contains("revoked", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Key_IsNoLongerHandedOut_WhenTheCertificateIsRevoked()
    {
        await using var portal = await TestPortal.StartAsync();
        var ada = await CertifiedPerson.AddAsync(portal);
        await portal.Get<RevocationService>().RevokeAsync(ada.Certificate.SerialNumber, RevocationCause.KeyExposed, null, ada.Actor, Ct);

        var refusal = await Assert.ThrowsAsync<ServiceException>(() =>
            portal.Get<DownloadService>().GetKeyAsync(ada.Certificate.SerialNumber, DownloadUse.Firefox, CertifiedPerson.Passphrase, ada.Actor, Ct));

        Assert.Equal(ErrorKind.Conflict, refusal.Kind);
    }

    [Fact]
    public void Cause_HasARfc5280Reason_AndHoldersSeeOnlyTheirOwn()
    {
        Assert.All(RevocationChoice.All, choice => Assert.NotEqual(RevocationReason.Unspecified, choice.Reason));
        Assert.DoesNotContain(RevocationChoice.ForHolder, choice => choice.Cause is RevocationCause.RightWithdrawn);
    }

    private static async Task<ServiceException?> TryAsync(TestPortal portal, CertifiedPerson person, Actor actor)
    {
        try
        {
            await Task.Run(() => portal.Get<RevocationService>().RevokeAsync(person.Certificate.SerialNumber, RevocationCause.Replaced, "Two at once.", actor, Ct), Ct);
            return null;
        }
        catch (ServiceException refusal)
        {
            return refusal;
        }
    }
}
