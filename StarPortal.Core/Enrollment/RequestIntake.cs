using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Enrollment;

/// <summary>Makes a request of a form that has been checked: account, key, request, audit and mails, all of it or nothing.</summary>
public sealed class RequestIntake(RequesterAccounts accounts, RequestKeys keys, RequestRouting routing, IOptions<EnrollmentOptions> options, TimeProvider clock)
{
    /// <summary>Adds everything to the caller's unit of work.</summary>
    internal async Task<EnrollmentRequest> AddAsync(PortalDbContext db, EnrollmentForm form, EnrollmentCheck check, Actor actor, CancellationToken ct)
    {
        var draft = check.Draft ?? throw new InvalidOperationException("The form is blocked.");
        var now = clock.GetUtcNow();
        var user = await accounts.AddOrGetAsync(db, form, draft.Requester, draft.Organisation.Id, actor, ct);
        var request = EnrollmentRequest.Submit(Details(form, check, draft, user), now);

        db.EnrollmentRequests.Add(request);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.RequestSubmitted, actor, "request", request.Id, now, $"{request.Subject} by {request.UserName}, {draft.Organisation.Name}"));
        if (check.NeedsAcknowledgement)
            db.AuditRecords.Add(AuditRecord.Of(AuditAction.FindingsAcknowledged, actor, "request", request.Id, now, request.AcknowledgementReason));

        // An address that has been confirmed already need not be confirmed again for the same person.
        if (user.EmailConfirmed) await ConfirmKnownAsync(db, request, draft.Organisation, actor, ct);
        else routing.AskForConfirmation(db, request, draft.Organisation.Name);
        return request;
    }

    private async Task ConfirmKnownAsync(PortalDbContext db, EnrollmentRequest request, Organisation organisation, Actor actor, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        request.Confirm(now);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.RequestConfirmed, actor, "request", request.Id, now, "address known"));
        await routing.TellOfficersAsync(db, request, organisation.Name, ct);
    }

    private NewRequest Details(EnrollmentForm form, EnrollmentCheck check, EnrollmentDraft draft, PortalUser user)
    {
        var profile = options.Value.Profile;
        var (sealedKey, publicKeyInfo) = draft.SigningRequest is { } request ? (null, request.PublicKeyInfo) : MakeKey(profile, form.Passphrase!);
        return new NewRequest
        {
            SubmissionId = form.SubmissionId,
            UserId = user.Id,
            UserName = draft.Requester.UserName,
            FullName = draft.Requester.FullName,
            Email = draft.Requester.Email,
            Phone = draft.Requester.Phone,
            OrganisationId = draft.Organisation.Id,
            Purpose = RequestText.Tidy(form.Purpose),
            Sponsor = Optional(form.Sponsor),
            Profile = profile,
            Subject = draft.Subject.ToString(),
            SubjectEncoded = draft.Subject.Encoded,
            ReservesSubject = draft.ReservesSubject,
            Names = draft.Names,
            KeySource = draft.SigningRequest is null ? KeySource.Portal : KeySource.SigningRequest,
            PublicKeyInfo = publicKeyInfo,
            KeyHash = PublicKeyFacts.HashOf(publicKeyInfo),
            EncryptedKey = sealedKey,
            SigningRequest = draft.SigningRequest is { } sent ? keys.FindSigningRequest(profile, sent) : keys.FindSigningRequest(profile, sealedKey!, form.Passphrase!, draft.Subject.Encoded, draft.Names),
            AcknowledgementReason = check.NeedsAcknowledgement ? Optional(form.AcknowledgementReason) : null,
            Findings = check.Findings,
        };
    }

    private (byte[]? Sealed, byte[] PublicKeyInfo) MakeKey(string profile, string passphrase) => keys.Make(profile, passphrase);

    private static string? Optional(string? text) => RequestText.Tidy(text) is { Length: > 0 } tidy ? tidy : null;
}
