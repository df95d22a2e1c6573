using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;

namespace StarPortal.Core.Approval;

/// <summary>Who is to be told about an undecided request, as far as it has been escalated. Remembers, for one run of a job.</summary>
internal sealed class RequestRoutes(OfficerDirectory directory, ApprovalOptions options)
{
    private readonly Dictionary<(Guid Organisation, Guid? Except, int AtLeast, EscalationStep? Step), IReadOnlyList<OfficerContact>> known = [];

    /// <summary>The officers; the deputies and then the administrators as well once it was escalated to them; never the person who asks.</summary>
    public async Task<IReadOnlyList<OfficerContact>> FindAsync(Guid organisationId, Guid requesterId, string profile, EscalationStep? step, CancellationToken ct)
    {
        var atLeast = options.OfficersFor(profile);
        var contacts = await FindAsync(organisationId, except: null, atLeast, step, ct);
        return contacts.Any(contact => contact.UserId == requesterId) ? await FindAsync(organisationId, requesterId, atLeast, step, ct) : contacts;
    }

    private async Task<IReadOnlyList<OfficerContact>> FindAsync(Guid organisationId, Guid? except, int atLeast, EscalationStep? step, CancellationToken ct)
    {
        if (known.TryGetValue((organisationId, except, atLeast, step), out var contacts)) return contacts;
        contacts = await directory.FindForAsync(organisationId, except, atLeast, ct);
        if (step >= EscalationStep.Deputies) contacts = Join(contacts, await directory.FindDeputiesAsync(organisationId, except, ct));
        if (step >= EscalationStep.Administrators) contacts = Join(contacts, (await directory.FindAdministratorsAsync(ct)).Where(contact => contact.UserId != except));
        return known[(organisationId, except, atLeast, step)] = contacts;
    }

    private static List<OfficerContact> Join(IEnumerable<OfficerContact> some, IEnumerable<OfficerContact> more) => [.. some.UnionBy(more, contact => contact.UserId)];
}
