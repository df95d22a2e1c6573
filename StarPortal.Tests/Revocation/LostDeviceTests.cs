using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Approval;
using StarPortal.Core.Authority;
using StarPortal.Core.Enrollment;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Revocation;
using StarPortal.Core.Shared;
using StarPortal.Tests.Approval;
using StarPortal.Tests.Credentials;
using StarPortal.Tests.Identity;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Revocation;

[Trait("Category", "Unit")]
public sealed class LostDeviceTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Report_RevokesAndLocks_WithoutAPassphrase()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);

        var reported = await portal.Get<LostDevice>().ReportAsync(null, ada.Actor, Ct);

        Assert.Equal(new LossReported(1, null), reported);
        Assert.Equal(RevocationReason.KeyCompromise, Assert.Single(await ada.CertificatesAsync()).RevocationReason);
        Assert.False(await ada.LogsOnAsync(SettledPerson.Passphrase));
        await using var db = portal.NewDb();
        Assert.Equal(CredentialLocks.Lost, (await db.StoredCredentials.SingleAsync(stored => stored.UserId == ada.UserId, Ct)).LockMessage);
    }

    [Fact]
    public async Task Report_StartsTheReplacement_WhichUnlocksMyProxyWhenItIsIssued()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);

        var reported = await portal.Get<LostDevice>().ReportAsync(SettledPerson.Passphrase, ada.Actor, Ct);
        Assert.False(await ada.LogsOnAsync(SettledPerson.Passphrase));
        await portal.Get<ApprovalService>().ApproveAsync(reported.ReplacementId!.Value, [], ada.Officer, Ct);
        await portal.DrainOutboxAsync();

        Assert.Equal((true, true, true), await ada.OpensAsync(SettledPerson.Passphrase));
        var certificates = await ada.CertificatesAsync();
        Assert.Equal((2, 1, 1), (certificates.Count, certificates.Count(certificate => certificate.IsRevoked), certificates.Select(certificate => certificate.Subject).Distinct(StringComparer.Ordinal).Count()));
    }

    [Fact]
    public async Task MyProxy_IsUnlocked_ByWhateverCertificateIsIssuedNext()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);
        await portal.Get<LostDevice>().ReportAsync(null, ada.Actor, Ct);
        var request = await Queued.AddAgainWithPortalKeyAsync(portal, ada.UserId, ada.Organisation);

        await portal.Get<ApprovalService>().ApproveAsync(request.Id, [], ada.Officer, Ct);
        await portal.DrainOutboxAsync();

        Assert.True(await ada.LogsOnAsync(Queued.Passphrase));
    }

    [Fact]
    public async Task Report_MakesOneReplacement_WhenTheButtonIsPressedAgain()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);

        var first = await portal.Get<LostDevice>().ReportAsync(SettledPerson.Passphrase, ada.Actor, Ct);
        var second = await portal.Get<LostDevice>().ReportAsync(SettledPerson.Passphrase, ada.Actor, Ct);

        await using var db = portal.NewDb();
        var requests = await db.EnrollmentRequests.Where(request => request.Kind == RequestKind.Replacement).ToDictionaryAsync(request => request.Id, request => request.Status, Ct);
        Assert.Equal((RequestStatus.Withdrawn, RequestStatus.AwaitingDecision), (requests[first.ReplacementId!.Value], requests[second.ReplacementId!.Value]));
    }

    [Fact]
    public async Task Report_DoesNothing_WhenThePassphraseIsWrong()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);

        var refusal = await AccountSupport.RefusedAsync(() => portal.Get<LostDevice>().ReportAsync("not the passphrase at all", ada.Actor, Ct), ErrorKind.Unauthenticated);

        Assert.Equal("Passphrase", refusal.Field);
        Assert.Equal((true, true, true), await ada.OpensAsync(SettledPerson.Passphrase));
    }

    [Fact]
    public async Task Report_IsWholeOrNothing_WhenItCannotBeSaved()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);
        await using var database = new RefusingDatabase(portal.NewDb());
        await database.RefuseAsync("UPDATE", "StoredCredentials");

        await RefusingDatabase.RequireRefusedAsync(() => portal.Get<LostDevice>().ReportAsync(SettledPerson.Passphrase, ada.Actor, Ct));

        await database.RelentAsync();
        Assert.Equal((true, true, true), await ada.OpensAsync(SettledPerson.Passphrase));
        await using var db = portal.NewDb();
        Assert.Equal(0, await db.EnrollmentRequests.CountAsync(request => request.Kind == RequestKind.Replacement, Ct));
    }

    [Fact]
    public async Task Report_IsForWhoeverIsSignedIn()
    {
        await using var portal = await SettledPerson.StartPortalAsync();

        await AccountSupport.RefusedAsync(() => portal.Get<LostDevice>().ReportAsync(null, Actor.Anonymous(), Ct), ErrorKind.Unauthenticated);
    }

    [Fact]
    public async Task Report_LeavesALockOfAnotherReason()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);
        await using (var db = portal.NewDb())
        {
            (await db.StoredCredentials.SingleAsync(stored => stored.UserId == ada.UserId, Ct)).Lock("Under investigation.", holder: null);
            await db.SaveChangesAsync(Ct);
        }

        var reported = await portal.Get<LostDevice>().ReportAsync(SettledPerson.Passphrase, ada.Actor, Ct);
        await portal.Get<ApprovalService>().ApproveAsync(reported.ReplacementId!.Value, [], ada.Officer, Ct);
        await portal.DrainOutboxAsync();

        Assert.Equal((true, true, false), await ada.OpensAsync(SettledPerson.Passphrase));
    }
}
