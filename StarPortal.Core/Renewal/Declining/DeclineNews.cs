using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;

namespace StarPortal.Core.Renewal;

/// <summary>Officers hear who does not go on: they may want to ask, or to end what else the person has.</summary>
public sealed class DeclineNews(OfficerDirectory directory, RenewalOfficerMails mails)
{
    internal async Task AddAsync(PortalDbContext db, RenewalSubject subject, CertificateRenewal renewal, CancellationToken ct)
    {
        if ((subject.User.OrganisationId ?? subject.Certificate.OrganisationId) is not { } organisationId) return;
        var organisation = await db.Organisations.Where(one => one.Id == organisationId).Select(one => one.Name).SingleAsync(ct);
        foreach (var officer in await directory.FindForAsync(organisationId, except: subject.User.Id, atLeast: 1, ct)) mails.AddDeclined(db, subject, renewal, organisation, officer);
    }
}
