using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Approval;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;
using StarPortal.Core.Revocation;
using StarPortal.Core.Shared;

namespace StarPortal.Tests.Reliability.Year;

/// <summary>One officer an organisation, who decides once a day about everything that waits.</summary>
internal sealed class Officers(Site site)
{
    private readonly Dictionary<Guid, Actor> byOrganisation = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public IEnumerable<Actor> All => byOrganisation.Values;

    public async Task<IReadOnlyList<Organisation>> HireAsync(int count)
    {
        List<Organisation> organisations = [];
        for (var number = 0; number < count; number++)
        {
            var organisation = await site.Watch.AddOrganisationAsync($"Institute {(char)('A' + number)}", "example.org");
            byOrganisation[organisation.Id] = await site.Watch.AddOfficerAsync(organisation, $"officer-{(char)('a' + number)}");
            organisations.Add(organisation);
        }

        return organisations;
    }

    public Actor Of(Subscriber person) => byOrganisation[person.Organisation.Id];

    public async Task DecideAsync(Subscriber person, bool approves)
    {
        await site.DoAsync(person.Number, portal => approves
            ? portal.Get<ApprovalService>().ApproveAsync(person.RequestId, [], Of(person), Ct)
            : portal.Get<ApprovalService>().RejectAsync(person.RequestId, RejectionCode.IdentityNotEstablished, "Come by, please.", Of(person), Ct),
            db => db.EnrollmentRequests.AnyAsync(request => request.Id == person.RequestId && request.Status != RequestStatus.AwaitingDecision, Ct));
        if (!approves) person.Note(site.Clock.Now, What.RecoveryRejected);
    }

    public async Task RemoveAsync(Subscriber person)
    {
        await site.DoAsync(person.Number, portal => portal.Get<RemovalService>().BeginAsync(person.UserId, "Has left", Of(person), Ct),
            db => db.PersonRemovals.AnyAsync(removal => removal.OpenUserId == person.UserId, Ct));
        await using var db = site.Look();
        person.RemovalId = await db.PersonRemovals.Where(removal => removal.OpenUserId == person.UserId).Select(removal => removal.Id).SingleAsync(Ct);
        person.IsBeingRemoved = true;
        person.Note(site.Clock.Now, What.RemovalBegun);
    }

    public async Task UndoRemovalAsync(Subscriber person)
    {
        await site.DoAsync(person.Number, portal => portal.Get<RemovalService>().UndoAsync(person.RemovalId, Of(person), Ct),
            db => db.PersonRemovals.AnyAsync(removal => removal.Id == person.RemovalId && removal.Status == RemovalStatus.Undone, Ct));
        person.IsBeingRemoved = false;
        person.Note(site.Clock.Now, What.RemovalUndone);
    }
}
