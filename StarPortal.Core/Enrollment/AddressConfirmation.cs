using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Enrollment;

/// <summary>What a confirmation link leads to.</summary>
/// <param name="Problem">Why there is nothing to confirm; null when there is.</param>
public sealed record ConfirmationView(Guid RequestId, string UserName, string FullName, string Email, string Organisation, string Subject, RequestStatus Status, string? Problem);

/// <summary>The link in the confirmation mail: looked at by whoever opens it, used up by the person's button.</summary>
public sealed class AddressConfirmation(
    IDbContextFactory<PortalDbContext> contexts, MailLinks links, RequestRouting routing, AttemptThrottle throttle, IOptions<EnrollmentOptions> options, TimeProvider clock)
{
    /// <summary>Reads only: may be opened by mail scanners as often as they like.</summary>
    /// <exception cref="ServiceException">NotFound: not a link of ours.</exception>
    public async Task<ConfirmationView> GetAsync(string token, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var hash = SecureTokens.Hash(token);
        var link = await db.MailLinks.AsNoTracking().SingleOrDefaultAsync(found => found.TokenHash == hash && found.Purpose == MailLinkPurpose.ConfirmEmail, ct) ?? throw LinkErrors.Unknown();
        var request = await db.EnrollmentRequests.AsNoTracking().SingleOrDefaultAsync(found => found.Id == link.ObjectId, ct) ?? throw LinkErrors.Unknown();
        var organisation = await db.Organisations.Where(found => found.Id == request.OrganisationId).Select(found => found.Name).SingleAsync(ct);
        return new(request.Id, request.UserName, request.FullName, request.Email, organisation, request.Subject, request.Status, ProblemOf(link, request));
    }

    /// <summary>The address is the person's: the account may sign in from now on, and the officers are told.</summary>
    /// <exception cref="ServiceException">NotFound; Gone: used or expired; Conflict: the request has ended meanwhile.</exception>
    public async Task<EnrollmentRequest> ConfirmAsync(string token, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var link = await links.UseAsync(db, token, MailLinkPurpose.ConfirmEmail, ct);
        var request = await db.EnrollmentRequests.SingleOrDefaultAsync(found => found.Id == link.ObjectId, ct) ?? throw LinkErrors.Unknown();
        var user = await db.Users.SingleOrDefaultAsync(found => found.Id == request.UserId, ct);
        var now = clock.GetUtcNow();

        request.Confirm(now);
        if (user is not null) user.EmailConfirmed = true;
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.RequestConfirmed, actor, "request", request.Id, now));
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.EmailConfirmed, actor, "user", request.UserId, now));
        var organisation = await db.Organisations.Where(found => found.Id == request.OrganisationId).Select(found => found.Name).SingleAsync(ct);
        await routing.TellOfficersAsync(db, request, organisation, ct);
        await SaveAsync(db, request, ct);
        return request;
    }

    /// <summary>Sends another link to the address that was given, and to no other: so nobody has to prove anything.</summary>
    /// <exception cref="ServiceException">NotFound; Conflict: confirmed already, or ended; TooMany.</exception>
    public async Task ResendAsync(Guid requestId, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var request = await db.EnrollmentRequests.SingleOrDefaultAsync(found => found.Id == requestId, ct) ?? throw RequestErrors.NotFound();
        if (request.Status is not RequestStatus.AwaitingConfirmation) throw RequestErrors.NothingToConfirm();
        throttle.Spend($"resend:{requestId}", options.Value.ResendsPerDay, TimeSpan.FromDays(1));

        var organisation = await db.Organisations.Where(found => found.Id == request.OrganisationId).Select(found => found.Name).SingleAsync(ct);
        routing.AskForConfirmation(db, request, organisation);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.RequestConfirmationSent, actor, "request", request.Id, clock.GetUtcNow()));
        await db.SaveChangesAsync(ct);
    }

    private string? ProblemOf(MailLink link, EnrollmentRequest request)
    {
        if (request.Status is not RequestStatus.AwaitingConfirmation)
            return request.ConfirmedAt is not null ? "This address has been confirmed already. Nothing more is to be done here." : RequestErrors.WrongState(request.Status).Message;
        return link.ExpiresAt <= clock.GetUtcNow() ? "This link has expired." : link.UsedAt is not null ? "This link has been used already." : null;
    }

    /// <summary>Of two presses at once the second finds the link used.</summary>
    private async Task SaveAsync(PortalDbContext db, EnrollmentRequest request, CancellationToken ct)
    {
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException)
        {
            if (!await contexts.HasMovedOnAsync(db, request, ct)) throw;
            throw new ServiceException(ErrorKind.Gone, "This link has been used already. Nothing more is to be done with it.");
        }
    }
}
