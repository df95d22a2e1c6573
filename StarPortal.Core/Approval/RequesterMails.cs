using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;
using StarPortal.Core.Mail;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Approval;

/// <summary>
/// What the person who asked gets from the officers. Each mail goes into the caller's unit of work under a key that names request and
/// occasion, so that it is sent once, whatever is repeated.
/// </summary>
public sealed class RequesterMails(Mailer mailer, MailTemplates templates, IOptions<PortalOptions> portal, IOptions<ApprovalOptions> options)
{
    public Task AddIssuedAsync(PortalDbContext db, EnrollmentRequest request, IssuedCertificate certificate, CancellationToken ct) =>
        AddAsync(db, request, "issued", "issued", new(StringComparer.Ordinal)
        {
            ["subject"] = certificate.Subject,
            ["serial"] = certificate.SerialNumberOfIssuer,
            ["notAfter"] = Day(certificate.NotAfter),
            ["userName"] = request.UserName,
            ["keyAdvice"] = request.KeySource switch
            {
                KeySource.Portal => "The page asks where you will use it and gives you the right file for Firefox, Windows, macOS or the command line.",
                KeySource.SigningRequest => "You made the key yourself: put the certificate beside it. The portal has never seen your private key.",
            },
            ["link"] = portal.Value.Link($"/account/certificates/{certificate.SerialNumber}"),
        }, ct);

    public Task AddRejectedAsync(PortalDbContext db, EnrollmentRequest request, CancellationToken ct)
    {
        var reason = RejectionReason.Of(request.RejectionCode ?? throw new InvalidOperationException($"Request {request.Id} is not rejected."));
        return AddAsync(db, request, "rejected", "rejected", new(StringComparer.Ordinal)
        {
            ["submitted"] = Day(request.SubmittedAt),
            ["reason"] = reason.Label,
            ["text"] = request.RejectionText ?? "",
            ["advice"] = reason.Advice,
            ["link"] = TrackingLink(request),
        }, ct);
    }

    public Task AddQuestionAsync(PortalDbContext db, EnrollmentRequest request, string question, DateTimeOffset now, CancellationToken ct) =>
        AddAsync(db, request, "question", $"question:{request.Version}", new(StringComparer.Ordinal)
        {
            ["question"] = question,
            ["expires"] = Day(now + options.Value.ExpireAfter),
            ["link"] = TrackingLink(request),
        }, ct);

    /// <param name="explanation">Why, as the end of a sentence.</param>
    /// <param name="advice">What the person can do.</param>
    public Task AddExpiredAsync(PortalDbContext db, EnrollmentRequest request, string explanation, string advice, CancellationToken ct) =>
        AddAsync(db, request, "expired", "expired", new(StringComparer.Ordinal)
        {
            ["submitted"] = Day(request.SubmittedAt),
            ["explanation"] = explanation,
            ["advice"] = advice,
            ["link"] = portal.Value.Link("/request"),
        }, ct);

    private async Task AddAsync(
        PortalDbContext db, EnrollmentRequest request, string template, string occasion, Dictionary<string, string> values, CancellationToken ct)
    {
        values["fullName"] = request.FullName;
        values["organisation"] = await OrganisationOf(db, request, ct);
        var message = templates.Render($"approval/{template}", request.Email, values) with { ToName = request.FullName };
        mailer.Add(db, $"request:{request.Id:N}:{occasion}", message);
    }

    internal static Task<string> OrganisationOf(PortalDbContext db, EnrollmentRequest request, CancellationToken ct) =>
        db.Organisations.AsNoTracking().Where(organisation => organisation.Id == request.OrganisationId).Select(organisation => organisation.Name).SingleAsync(ct);

    private string TrackingLink(EnrollmentRequest request) => portal.Value.Link($"/requests/{request.Id}");

    private static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
}
