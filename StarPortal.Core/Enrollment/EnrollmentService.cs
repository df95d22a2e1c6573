using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Enrollment;

/// <summary>Takes what somebody asks for into the house.</summary>
public sealed class EnrollmentService(
    IDbContextFactory<PortalDbContext> contexts, EnrollmentChecker checker, RequestIntake intake, PassphraseCheck passphrases, AttemptThrottle throttle, IOptions<EnrollmentOptions> options)
{
    /// <summary>
    /// Checks the form once more and makes account, request and confirmation mail in one unit of work. The same form sent again, at the
    /// same moment or next week, gives the request that it made.
    /// </summary>
    /// <exception cref="ServiceException">Invalid or Conflict, beside a field; Unauthenticated: a signed-in person's passphrase is wrong; TooMany.</exception>
    public async Task<EnrollmentRequest> SubmitAsync(EnrollmentForm form, Actor actor, CancellationToken ct)
    {
        if (await FindSubmittedAsync(form.SubmissionId, ct) is { } earlier) return earlier;
        var check = await checker.CheckAsync(form, actor, ct);
        // Sent twice at once, the first of the two may have taken the user name just now.
        if (check.Problems(form) is [var problem, ..]) return await FindSubmittedAsync(form.SubmissionId, ct) ?? throw problem;
        if (!check.Draft!.Requester.IsNew && form.Key is KeySource.Portal)
            await passphrases.RequireAsync(check.Draft.Requester.UserId!.Value, form.Passphrase, actor, nameof(form.Passphrase), ct);

        var address = AttemptThrottle.AddressKey("request", actor.Address);
        throttle.Spend(address, options.Value.RequestsPerAddressPerHour, TimeSpan.FromHours(1));
        try
        {
            return await SaveAsync(form, check, actor, ct);
        }
        catch (DbUpdateException error)
        {
            throttle.Refund(address);
            return await FindSubmittedAsync(form.SubmissionId, ct) ?? throw Explain(error);
        }
    }

    /// <summary>The request that a form has made already; null when it was not sent yet.</summary>
    public async Task<EnrollmentRequest?> FindSubmittedAsync(Guid submissionId, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.EnrollmentRequests.AsNoTracking().SingleOrDefaultAsync(request => request.SubmissionId == submissionId, ct);
    }

    private async Task<EnrollmentRequest> SaveAsync(EnrollmentForm form, EnrollmentCheck check, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var request = await intake.AddAsync(db, form, check, actor, ct);
        await db.SaveChangesAsync(ct);
        return request;
    }

    /// <summary>What only the unique indexes could decide: somebody else was a moment faster.</summary>
    private static Exception Explain(DbUpdateException error) => error.InnerException?.Message switch
    {
        _ when AccountRegistrar.IsUserNameTaken(error) => AccountErrors.UserNameTaken(),
        { } message when message.Contains(nameof(EnrollmentRequest.OpenKeyHash), StringComparison.Ordinal) => RequestErrors.KeyPending(),
        { } message when message.Contains(nameof(EnrollmentRequest.ReservedSubject), StringComparison.Ordinal) => RequestErrors.SubjectTaken(),
        _ => error,
    };
}
