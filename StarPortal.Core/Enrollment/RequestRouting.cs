using Microsoft.Extensions.Options;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;

namespace StarPortal.Core.Enrollment;

/// <summary>Who hears of a request, and when: first the person, by a link that proves the address; then those who decide.</summary>
public sealed class RequestRouting(MailLinks links, OfficerDirectory officers, EnrollmentMails mails, IOptions<EnrollmentOptions> options, TimeProvider clock)
{
    /// <summary>Adds a fresh link and its mail; links sent before stay good until one of them is used.</summary>
    internal void AskForConfirmation(PortalDbContext db, EnrollmentRequest request, string organisation)
    {
        // However often it is sent again, the request itself lives no longer.
        var expires = request.SubmittedAt + options.Value.ConfirmationTime;
        var token = links.Add(db, MailLinkPurpose.ConfirmEmail, request.Id, request.UserId, expires - clock.GetUtcNow());
        mails.AddConfirmation(db, request, organisation, token, expires);
    }

    internal async Task TellOfficersAsync(PortalDbContext db, EnrollmentRequest request, string organisation, CancellationToken ct) =>
        mails.AddInQueue(db, request, organisation, await FindDecidersAsync(request, ct));

    /// <summary>The officer who has claimed it, or else all who may decide it; never the person who asks.</summary>
    internal async Task<IReadOnlyList<OfficerContact>> FindRecipientsAsync(EnrollmentRequest request, CancellationToken ct)
    {
        var deciders = await FindDecidersAsync(request, ct);
        return deciders.Where(officer => officer.UserId == request.ClaimedBy).ToList() is { Count: > 0 } claimed ? claimed : deciders;
    }

    private Task<IReadOnlyList<OfficerContact>> FindDecidersAsync(EnrollmentRequest request, CancellationToken ct) =>
        officers.FindForAsync(request.OrganisationId, except: request.UserId, atLeast: 1, ct);
}
