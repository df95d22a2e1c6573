using System.Globalization;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Mail;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Enrollment;

/// <summary>The mails of this room, each put into the unit of work of what it is about.</summary>
public sealed class EnrollmentMails(MailTemplates templates, Mailer mailer, IOptions<PortalOptions> portal)
{
    /// <param name="token">Of the link; every one makes a mail of its own.</param>
    internal void AddConfirmation(PortalDbContext db, EnrollmentRequest request, string organisation, string token, DateTimeOffset expires) =>
        AddToRequester(db, "confirm-address", $"confirm:{SecureTokens.Hash(token)[..16]}", request, organisation, new()
        {
            ["link"] = portal.Value.Link($"/confirm/{token}"), ["expires"] = Text(expires),
        });

    internal void AddInQueue(PortalDbContext db, EnrollmentRequest request, string organisation, IEnumerable<OfficerContact> officers) =>
        AddToOfficers(db, "request-in-queue", "in-queue", request, organisation, officers);

    internal void AddNudged(PortalDbContext db, EnrollmentRequest request, string organisation, IEnumerable<OfficerContact> officers) =>
        AddToOfficers(db, "nudged", $"nudged:{request.NudgeCount}", request, organisation, officers);

    internal void AddAnswered(PortalDbContext db, EnrollmentRequest request, string organisation, string answer, IEnumerable<OfficerContact> officers) =>
        AddToOfficers(db, "question-answered", $"answered:{request.Version}", request, organisation, officers, new() { ["answer"] = answer });

    internal void AddWithdrawn(PortalDbContext db, EnrollmentRequest request, string organisation) =>
        AddToRequester(db, "withdrawn", "withdrawn", request, organisation, []);

    /// <summary>For a request that nobody confirmed in time.</summary>
    internal void AddExpired(PortalDbContext db, EnrollmentRequest request, string organisation, TimeSpan after) =>
        AddToRequester(db, "expired", "expired", request, organisation, new()
        {
            ["days"] = after.TotalDays.ToString("0.#", CultureInfo.InvariantCulture), ["again"] = portal.Value.Link("/request"),
        });

    private void AddToRequester(PortalDbContext db, string template, string key, EnrollmentRequest request, string organisation, Dictionary<string, string> values)
    {
        values["tracking"] = portal.Value.Link($"/requests/{request.Id}");
        Add(db, template, key, request, organisation, request.Email, request.FullName, values);
    }

    private void AddToOfficers(
        PortalDbContext db, string template, string key, EnrollmentRequest request, string organisation, IEnumerable<OfficerContact> officers, Dictionary<string, string>? more = null)
    {
        foreach (var officer in officers)
        {
            Add(db, template, $"{key}:{officer.UserId}", request, organisation, officer.Email, officer.FullName, new(more ?? [], StringComparer.Ordinal)
            {
                ["officer"] = officer.FullName,
                ["decision"] = portal.Value.Link($"/ra/requests/{request.Id}"),
                ["why"] = officer switch
                {
                    { IsEscalation: true } => $"You get this mail as an administrator, because {organisation} has too few officers.",
                    { IsDeputy: true } => $"You get this mail as a deputy of the officers of {organisation}.",
                    _ => $"You get this mail as an officer of {organisation}.",
                },
            });
        }
    }

    private void Add(PortalDbContext db, string template, string key, EnrollmentRequest request, string organisation, string to, string toName, Dictionary<string, string> values)
    {
        values["portal"] = portal.Value.Name;
        values["name"] = request.FullName;
        values["userName"] = request.UserName;
        values["email"] = request.Email;
        values["organisation"] = organisation;
        values["subject"] = request.Subject;
        values["purpose"] = request.Purpose;
        values["sponsor"] = request.Sponsor ?? "";
        values["submitted"] = Text(request.SubmittedAt);
        mailer.Add(db, $"request:{request.Id}:{key}", templates.Render($"enrollment/{template}", to, values) with { ToName = toName });
    }

    private static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString("d MMM yyyy HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
