using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Enrollment;

/// <summary>
/// The passphrase is forgotten. The answer, and the work behind it, is the same whoever the name belongs to: who it is, and whether there is anything to recover, is looked
/// up afterwards by <see cref="RecoveryAskedHandler"/>.
/// </summary>
public sealed class RecoveryService(
    IDbContextFactory<PortalDbContext> contexts, RecoveryIntake intake, AttemptThrottle throttle, IOptions<EnrollmentOptions> options, TimeProvider clock)
{
    /// <exception cref="ServiceException">Invalid, beside a field; TooMany: from this address.</exception>
    public async Task AskAsync(RecoveryForm form, Actor visitor, CancellationToken ct)
    {
        intake.Require(form);
        throttle.Spend(AttemptThrottle.AddressKey("recovery", visitor.Address), options.Value.RecoveriesPerAddressPerHour, TimeSpan.FromHours(1));
        await using var db = await contexts.CreateDbContextAsync(ct);
        intake.Add(db, form, clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
    }
}
