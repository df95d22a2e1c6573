namespace StarPortal.Core.Identity;

/// <summary>How an account is kept from signing in: for minutes after wrong tries, or until an administrator lifts it.</summary>
public static class AccountLocks
{
    /// <summary>The end of a lock that only an administrator lifts: an instant that every database can hold.</summary>
    public static readonly DateTimeOffset Permanent = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    extension(PortalUser user)
    {
        /// <summary>Locked by an administrator, not by wrong tries.</summary>
        public bool IsLockedByAdministrator => user.LockoutEnd >= Permanent;

        public bool IsLockedOut(DateTimeOffset now) => user.LockoutEnd > now;
    }
}
