using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Credentials;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Revocation;

namespace StarPortal.Tests.Reliability.Year;

/// <summary>What people do besides: ask, confirm, change or forget a passphrase, lose a laptop.</summary>
internal sealed class Living(Site site)
{
    private static readonly RequestStatus[] Open = [RequestStatus.AwaitingDecision, RequestStatus.Approved];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async Task EnrolAsync(Subscriber person)
    {
        var form = new EnrollmentForm
        {
            SubmissionId = Guid.NewGuid(), UserName = person.UserName, FullName = person.FullName, Email = person.Email, OrganisationId = person.Organisation.Id, Purpose = "Simulations on the shared cluster",
            Sponsor = "Prof. Noether", Passphrase = person.Passphrase, PassphraseAgain = person.Passphrase, Key = KeySource.Portal,
        };
        await site.DoAsync(person.Number, portal => portal.Get<EnrollmentService>().SubmitAsync(form, person.Visitor, Ct), db => db.EnrollmentRequests.AnyAsync(request => request.SubmissionId == form.SubmissionId, Ct));
        await using var db = site.Look();
        var request = await db.EnrollmentRequests.AsNoTracking().SingleAsync(asked => asked.SubmissionId == form.SubmissionId, Ct);
        (person.RequestId, person.UserId) = (request.Id, request.UserId);
        person.Note(site.Clock.Now, What.Enrolled);
    }

    public Task ConfirmAddressAsync(Subscriber person)
    {
        var token = site.Post.FindToken(person.Email, "confirm") ?? throw new InvalidOperationException($"{person.UserName} got no link.");
        return site.DoAsync(person.Number, portal => portal.Get<AddressConfirmation>().ConfirmAsync(token, person.Visitor, Ct),
            db => db.EnrollmentRequests.AnyAsync(request => request.Id == person.RequestId && request.Status != RequestStatus.AwaitingConfirmation, Ct));
    }

    public async Task ChangePassphraseAsync(Subscriber person)
    {
        var next = person.NewPassphrase();
        var form = new ChangePassphraseForm { UserName = person.UserName, OldPassphrase = person.Passphrase, Passphrase = next, PassphraseAgain = next };
        var before = await HashOfAsync(person);
        await site.DoAsync(person.Number, portal => portal.Get<PassphraseService>().ChangeAsync(form, person.Visitor, Ct), db => db.Users.AnyAsync(user => user.Id == person.UserId && user.PasswordHash != before, Ct));
        person.Passphrase = next;
        person.Note(site.Clock.Now, What.PassphraseChanged);
    }

    /// <summary>Whoever does not see that it arrived asks again: each asking is a mail.</summary>
    public async Task ForgetAsync(Subscriber person)
    {
        person.NextPassphrase = person.NewPassphrase();
        var form = new RecoveryForm { UserName = person.UserName, Passphrase = person.NextPassphrase, PassphraseAgain = person.NextPassphrase };
        await site.DoAsync(person.Number, portal =>
        {
            person.Note(site.Clock.Now, What.RecoveryAsked);
            return portal.Get<RecoveryService>().AskAsync(form, person.Visitor, Ct);
        }, _ => Task.FromResult(false));
    }

    /// <returns>False: the mail never came.</returns>
    public async Task<bool> ConfirmRecoveryAsync(Subscriber person)
    {
        if (site.Post.FindToken(person.Email, "password/forgotten") is not { } token) return false;
        await site.DoAsync(person.Number, portal => portal.Get<RecoveryConfirmation>().ConfirmAsync(token, person.NextPassphrase, person.Visitor, Ct), db => db.EnrollmentRequests.AnyAsync(request => request.OpenRecoveryOf == person.UserId, Ct));
        await using var db = site.Look();
        person.RequestId = await db.EnrollmentRequests.Where(request => request.OpenRecoveryOf == person.UserId).Select(request => request.Id).SingleAsync(Ct);
        person.Note(site.Clock.Now, What.RecoveryConfirmed);
        return true;
    }

    /// <param name="replaces">Whether the replacement is asked for at once.</param>
    public async Task LoseLaptopAsync(Subscriber person, bool replaces)
    {
        var now = site.Clock.Now;
        await site.DoAsync(person.Number, portal => portal.Get<LostDevice>().ReportAsync(replaces ? person.Passphrase : null, person.Actor, Ct),
            db => db.IssuedCertificates.AllAsync(certificate => certificate.UserId != person.UserId || certificate.RevokedAt != null || certificate.NotAfter <= now, Ct));
        person.IsLost = true;
        person.Note(now, What.ReportedLost, person.Certificate!.Id);
        if (!replaces) return;
        await using var db = site.Look();
        person.RequestId = await db.EnrollmentRequests.Where(request => request.UserId == person.UserId && request.Kind == RequestKind.Replacement && Open.Contains(request.Status)).Select(request => request.Id).SingleAsync(Ct);
        person.Note(now, What.ReplacementAsked);
    }

    private async Task<string?> HashOfAsync(Subscriber person)
    {
        await using var db = site.Look();
        return await db.Users.Where(user => user.Id == person.UserId).Select(user => user.PasswordHash).SingleAsync(Ct);
    }
}
