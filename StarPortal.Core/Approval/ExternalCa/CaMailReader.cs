using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Mail;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Approval;

/// <summary>A request that the CA outside has not answered yet.</summary>
public sealed record WaitingForCa(Guid Id, string FullName, string Subject, DateTimeOffset SentAt);

/// <summary>A message, as a list names it.</summary>
public sealed record CaMailLine(Guid Id, string From, string Subject, DateTimeOffset ArrivedAt, CaMailStatus Status, string? Reason);

/// <param name="IsInUse">Whether certificates of some profile come from outside.</param>
/// <param name="Waiting">Requests, the oldest first.</param>
/// <param name="SetAside">Messages for an officer, the oldest first.</param>
/// <param name="Done">The newest of those that are dealt with.</param>
public sealed record CaMailOverview(bool IsInUse, string Contact, IReadOnlyList<WaitingForCa> Waiting, IReadOnlyList<CaMailLine> SetAside, IReadOnlyList<CaMailLine> Done);

/// <param name="Mail">Read only; its texts are safe to show as text, and as nothing else.</param>
/// <param name="CertificateText">The certificate in words; null when there is none.</param>
/// <param name="Waiting">Requests that it could be taken for.</param>
public sealed record CaMailView(CaMail Mail, string? CertificateText, IReadOnlyList<WaitingForCa> Waiting);

/// <summary>Messages and waiting requests for those who may see them: officers those of their organisation; administrators, and officers of every organisation, all.</summary>
public sealed class CaMailReader(IDbContextFactory<PortalDbContext> contexts, ExternalAuthority external)
{
    /// <summary>Rows of each list.</summary>
    public const int MostShown = 200;

    /// <exception cref="ServiceException">Unauthenticated, Forbidden.</exception>
    public async Task<CaMailOverview> ReadAsync(Actor officer, CancellationToken ct)
    {
        DecisionRights.RequireOfficer(officer);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var visible = Visible(db.CaMails.AsNoTracking(), officer);
        var (aside, done) = (visible.Where(mail => mail.Status == CaMailStatus.SetAside).OrderBy(mail => mail.ReadAt), visible.Where(mail => mail.Status != CaMailStatus.SetAside).OrderByDescending(mail => mail.HandledAt));
        return new(external.IsInUse, external.Contact, await WaitingAsync(db, officer, ct), await LinesAsync(aside, ct), await LinesAsync(done, ct));
    }

    /// <exception cref="ServiceException">As above; NotFound.</exception>
    public async Task<CaMailView> GetAsync(Guid mailId, Actor officer, CancellationToken ct)
    {
        DecisionRights.RequireOfficer(officer);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var mail = await LoadAsync(db.CaMails.AsNoTracking(), mailId, officer, ct);
        return new(mail, mail.Certificate is { } der ? FindText(der) : null, await WaitingAsync(db, officer, ct));
    }

    /// <exception cref="ServiceException">NotFound.</exception>
    internal static async Task<CaMail> LoadAsync(IQueryable<CaMail> mails, Guid mailId, Actor officer, CancellationToken ct) =>
        await Visible(mails, officer).SingleOrDefaultAsync(mail => mail.Id == mailId, ct) ?? throw CaMailErrors.NotFound();

    private static IQueryable<CaMail> Visible(IQueryable<CaMail> mails, Actor officer) =>
        DecisionRights.ScopeOf(officer) is { } scope ? mails.Where(mail => mail.OrganisationId != null && scope.Contains(mail.OrganisationId.Value)) : mails;

    private static async Task<IReadOnlyList<CaMailLine>> LinesAsync(IQueryable<CaMail> mails, CancellationToken ct) =>
        await mails.Take(MostShown).Select(mail => new CaMailLine(mail.Id, mail.From, mail.Subject, mail.ArrivedAt, mail.Status, mail.Reason)).ToListAsync(ct);

    private static async Task<IReadOnlyList<WaitingForCa>> WaitingAsync(PortalDbContext db, Actor officer, CancellationToken ct)
    {
        var waiting = db.EnrollmentRequests.AsNoTracking().Where(request => request.Status == RequestStatus.Approved && request.SentToCaAt != null);
        if (DecisionRights.ScopeOf(officer) is { } scope) waiting = waiting.Where(request => scope.Contains(request.OrganisationId));
        return await waiting.OrderBy(request => request.SentToCaAt).Take(MostShown).Select(request => new WaitingForCa(request.Id, request.FullName, request.Subject, request.SentToCaAt!.Value)).ToListAsync(ct);
    }

    private static string? FindText(byte[] certificate)
    {
        try
        {
            return ShownText.Of(CertificateText.Render(certificate), CaMail.MaxText, lines: true);
        }
        catch (Exception error) when (error is ServiceException or System.Formats.Asn1.AsnContentException or System.Security.Cryptography.CryptographicException or ArgumentException or OverflowException)
        {
            return null;
        }
    }
}
