using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;

namespace StarPortal.Core.Approval;

/// <summary>The mails that a decision gives rise to, and who gets them.</summary>
public sealed class ApprovalMails(RequesterMails toRequester, OfficerMails toOfficers, OfficerDirectory directory)
{
    public RequesterMails ToRequester => toRequester;

    /// <summary>Policy asks for more officers than have approved: those who may, and have not yet, are told.</summary>
    internal async Task AskForVoteAsync(PortalDbContext db, EnrollmentRequest request, IReadOnlyList<Guid> voters, int needed, CancellationToken ct)
    {
        var contacts = await directory.FindForAsync(request.OrganisationId, request.UserId, needed, ct);
        foreach (var contact in contacts.Where(contact => !voters.Contains(contact.UserId)))
            await toOfficers.AddVoteNeededAsync(db, request, voters.Count, needed, contact, ct);
    }
}
