using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Approval;

/// <summary>Reads a <see cref="DecisionCard"/>. Changes nothing, claims nothing, counts nothing: mail scanners open decision pages too.</summary>
public sealed class DecisionCardReader(
    IDbContextFactory<PortalDbContext> contexts, DecisionRights rights, DecisionPreview preview, CardPolicyReader policies, TimeProvider clock)
{
    /// <exception cref="ServiceException">Unauthenticated, Forbidden without role or second factor; NotFound, also for another organisation's.</exception>
    public async Task<DecisionCard> GetAsync(Guid requestId, Actor officer, CancellationToken ct)
    {
        DecisionRights.RequireOfficer(officer);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var requests = db.EnrollmentRequests.AsNoTracking().Include(request => request.Messages);
        var request = await requests.SingleOrDefaultAsync(candidate => candidate.Id == requestId, ct);
        if (request is null || !DecisionRights.MaySee(officer, request.OrganisationId)) throw ApprovalErrors.NotFound();

        var organisation = await db.Organisations.AsNoTracking().SingleAsync(candidate => candidate.Id == request.OrganisationId, ct);
        var person = await PersonHistory.ReadAsync(db, request, officer, ct);
        var firstTime = await FirstTime.FindAsync(db, request, clock.GetUtcNow(), ct);
        var shown = await preview.ReadAsync(db, request, ct);
        var order = request.ToIssuanceOrder();
        return new DecisionCard
        {
            Request = request,
            Organisation = organisation.Name,
            Evidence = [.. firstTime?.Describe(request) ?? [], .. EvidenceList.For(request, organisation, person.Certificates.Count, person.Namesakes)],
            SubjectAttributes = order.Subject.Attributes,
            Names = [.. order.Names.Select(name => name.ToString())],
            Key = PublicKeyFacts.Parse(request.PublicKeyInfo),
            Findings = shown.Findings,
            Policy = await policies.ReadAsync(db, request, officer, ct),
            Obstacle = (await rights.FindObstacleAsync(db, request, officer, ct))?.Message,
            Thread = await CardPolicyReader.ReadThreadAsync(db, request, ct),
            Requests = person.Requests,
            Certificates = person.Certificates,
            Difference = shown.Difference,
            CertificateText = shown.Text,
        };
    }
}
