using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Registry;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Revocation;

/// <summary>Keeps a person's MyProxy credentials and registry entry from being used, and lets them be used again, in the caller's unit of work.</summary>
public sealed class AccessLocks(CredentialLocks credentials, RegistryMembership registry)
{
    internal async Task LockAsync(PortalDbContext db, PortalUser user, SuspensionCause cause, Actor actor, CancellationToken ct)
    {
        await credentials.LockAsync(db, user.Id, user.UserName!, MessageOf(cause), actor, ct);
        await registry.SuspendAsync(db, user, cause, actor, ct);
    }

    internal async Task LiftAsync(PortalDbContext db, PortalUser user, SuspensionCause cause, Actor actor, CancellationToken ct)
    {
        await credentials.LiftAsync(db, user.Id, user.UserName!, MessageOf(cause), actor, ct);
        await registry.ResumeAsync(db, user, cause, actor, ct);
    }

    private static string MessageOf(SuspensionCause cause) => cause switch
    {
        SuspensionCause.LostDevice => CredentialLocks.Lost,
        SuspensionCause.Removal => CredentialLocks.Removal,
    };
}
