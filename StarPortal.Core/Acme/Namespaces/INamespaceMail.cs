using StarPortal.Core.Data;
using StarPortal.Core.Identity;

namespace StarPortal.Core.Acme;

/// <summary>Puts news of a namespace into the outgoing mail. An interface because this room may not know the Mail room, which is composed with it in the host.</summary>
public interface INamespaceMail
{
    /// <summary>A claim waits for this person among others. Adds to the caller's unit of work.</summary>
    /// <param name="askedBy">User name of the claimant.</param>
    void AddAsked(PortalDbContext db, AcmeNamespace claim, string askedBy, OfficerContact contact);

    /// <summary>Somebody decided about the owner's namespace, to approve it, refuse it or end it. Adds to the caller's unit of work.</summary>
    void AddDecided(PortalDbContext db, AcmeNamespace claim, PortalUser owner);
}
