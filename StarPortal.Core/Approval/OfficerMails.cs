using System.Globalization;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;
using StarPortal.Core.Mail;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Approval;

/// <summary>A request that waits, as a digest names it.</summary>
public sealed record WaitingRequest(Guid Id, string FullName, string Organisation, DateTimeOffset WaitingSince);

/// <summary>What officers, deputies and administrators get. Keys name request, occasion and recipient, or the day: each mail is sent once.</summary>
public sealed class OfficerMails(Mailer mailer, MailTemplates templates, IOptions<PortalOptions> portal)
{
    private const int MaxListed = 50;

    public Task AddEscalatedAsync(PortalDbContext db, EnrollmentRequest request, EscalationStep step, OfficerContact contact, TimeSpan waited, CancellationToken ct) =>
        AddAsync(db, request, "escalated", $"escalated:{step}", contact, new(StringComparer.Ordinal)
        {
            ["role"] = step switch { EscalationStep.Deputies => "deputy", EscalationStep.Administrators => "administrator" },
            ["waited"] = Describe(waited),
            ["email"] = request.Email,
            ["purpose"] = request.Purpose,
            ["subject"] = request.Subject,
        }, ct);

    public Task AddVoteNeededAsync(PortalDbContext db, EnrollmentRequest request, int votes, int needed, OfficerContact contact, CancellationToken ct) =>
        AddAsync(db, request, "vote-needed", $"vote-needed:{request.Round}:{votes}", contact, new(StringComparer.Ordinal)
        {
            ["votes"] = votes.ToString(CultureInfo.InvariantCulture), ["needed"] = needed.ToString(CultureInfo.InvariantCulture), ["subject"] = request.Subject,
        }, ct);

    public Task AddNotIssuedAsync(PortalDbContext db, EnrollmentRequest request, int round, OfficerContact contact, string reason, CancellationToken ct) =>
        AddAsync(db, request, "not-issued", $"not-issued:{round}", contact, new(StringComparer.Ordinal) { ["reason"] = reason }, ct);

    public Task AddIssuingDelayedAsync(PortalDbContext db, EnrollmentRequest request, int round, OfficerContact contact, CancellationToken ct) =>
        AddAsync(db, request, "issuing-delayed", $"issuing-delayed:{round}", contact, new(StringComparer.Ordinal) { ["link"] = portal.Value.Link("/admin") }, ct);

    /// <param name="db">The caller saves it.</param>
    /// <param name="officer">Who gets it.</param>
    /// <param name="waiting">At least one.</param>
    /// <param name="now">What the waiting is measured to.</param>
    public void AddDigest(PortalDbContext db, OfficerContact officer, IReadOnlyList<WaitingRequest> waiting, DateTimeOffset now)
    {
        var message = templates.Render("approval/reminder", officer.Email, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["fullName"] = officer.FullName,
            ["count"] = waiting.Count == 1 ? "1 certificate request is" : $"{waiting.Count} certificate requests are",
            ["oldest"] = Describe(now - waiting.Min(request => request.WaitingSince)),
            ["list"] = string.Join("\n\n", waiting.OrderBy(request => request.WaitingSince).Take(MaxListed)
                .Select(request => $"{request.FullName}, {request.Organisation}, for {Describe(now - request.WaitingSince)}\n{DecisionLink(request.Id)}")),
            ["link"] = portal.Value.Link("/ra"),
        });
        mailer.Add(db, DigestKey(officer, now), message with { ToName = officer.FullName });
    }

    /// <summary>Mail of the CA outside needs a look.</summary>
    public void AddCaMail(PortalDbContext db, OfficerContact contact, DateTimeOffset now)
    {
        var message = templates.Render("approval/ca-mail", contact.Email, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["contactName"] = contact.FullName, ["link"] = portal.Value.Link("/ra/ca-mail"),
        });
        mailer.Add(db, CaMailKey(contact, now), message with { ToName = contact.FullName });
    }

    /// <summary>Requests wait for the CA outside.</summary>
    public void AddCaSilent(PortalDbContext db, OfficerContact contact, TimeSpan longest, DateTimeOffset now)
    {
        var message = templates.Render("approval/ca-silent", contact.Email, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["contactName"] = contact.FullName, ["waited"] = Describe(longest), ["link"] = portal.Value.Link("/ra/ca-mail"),
        });
        mailer.Add(db, CaSilentKey(contact, now), message with { ToName = contact.FullName });
    }

    /// <summary>One such mail a person a week (ISO 8601, UTC).</summary>
    internal static string CaSilentKey(OfficerContact contact, DateTimeOffset now) => $"ca-silent:{ISOWeek.GetYear(now.UtcDateTime)}-W{ISOWeek.GetWeekOfYear(now.UtcDateTime):00}:{contact.UserId:N}";

    /// <summary>One such mail a person a day (UTC).</summary>
    internal static string CaMailKey(OfficerContact contact, DateTimeOffset now) => $"ca-mail:{now.UtcDateTime:yyyy-MM-dd}:{contact.UserId:N}";

    /// <summary>One digest an officer a day (UTC).</summary>
    internal static string DigestKey(OfficerContact officer, DateTimeOffset now) => $"digest:{now.UtcDateTime:yyyy-MM-dd}:{officer.UserId:N}";

    private async Task AddAsync(
        PortalDbContext db, EnrollmentRequest request, string template, string occasion, OfficerContact contact, Dictionary<string, string> values, CancellationToken ct)
    {
        values["contactName"] = contact.FullName;
        values["organisation"] = await RequesterMails.OrganisationOf(db, request, ct);
        values["fullName"] = request.FullName;
        values["userName"] = request.UserName;
        values.TryAdd("link", DecisionLink(request.Id));
        var message = templates.Render($"approval/{template}", contact.Email, values) with { ToName = contact.FullName };
        mailer.Add(db, $"request:{request.Id:N}:{occasion}:{contact.UserId:N}", message);
    }

    private string DecisionLink(Guid requestId) => portal.Value.Link($"/ra/requests/{requestId}");

    private static string Describe(TimeSpan waited) => waited.TotalHours < 36
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, Math.Round(waited.TotalHours))} h")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Round(waited.TotalDays)} days");
}
