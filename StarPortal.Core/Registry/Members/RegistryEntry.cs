using System.Security.Cryptography;
using System.Text;
using StarPortal.Core.Identity;

namespace StarPortal.Core.Registry;

public enum RegistryEntryState
{
    Active,

    /// <summary>The person may use nothing for now.</summary>
    Suspended,

    Removed,
}

/// <summary>Why an entry is suspended; of two causes each is lifted by itself.</summary>
public enum SuspensionCause
{
    LostDevice,
    Removal,
}

/// <summary>
/// A person in the registry: entered with the first certificate, suspended when a device is lost or a removal begins, removed at its end. Somebody who is suspended
/// before having a certificate has an entry without a name, so that one that is on its way does not let them in.
/// </summary>
public sealed class RegistryEntry
{
    public const int MaxDn = 2_500;

    private RegistryEntry()
    {
    }

    public Guid UserId { get; private set; }

    public string UserName { get; private set; } = "";

    /// <summary>As grid tools write it: <c>/C=US/O=Fusion/CN=Ada Lovelace</c>; empty: not entered yet.</summary>
    public string Dn { get; private set; } = "";

    /// <summary>SHA-256 of <see cref="Dn"/>, lower-case hex: compared octet by octet whatever the database's collation.</summary>
    public string DnHash { get; private set; } = "";

    /// <summary>Empty once removed, as the address.</summary>
    public string FullName { get; private set; } = "";

    public string Email { get; private set; } = "";

    /// <summary>When the present state began.</summary>
    public DateTimeOffset Since { get; private set; }

    public DateTimeOffset? LostAt { get; private set; }

    public DateTimeOffset? RemovalAt { get; private set; }

    public DateTimeOffset? RemovedAt { get; private set; }

    /// <summary>Counts the changes. Of two at once the second starts over.</summary>
    public int Revision { get; private set; }

    public bool IsEntered => Dn.Length > 0;

    public RegistryEntryState State => RemovedAt is not null ? RegistryEntryState.Removed : LostAt is not null || RemovalAt is not null ? RegistryEntryState.Suspended : RegistryEntryState.Active;

    public static string HashOf(string dn) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(dn)));

    internal static RegistryEntry Enter(PortalUser user, string dn, DateTimeOffset now)
    {
        var entry = new RegistryEntry { UserId = user.Id, Since = now };
        entry.Update(user, dn, now);
        return entry;
    }

    /// <summary>Without a certificate.</summary>
    internal static RegistryEntry KeepOut(PortalUser user, SuspensionCause cause, DateTimeOffset now)
    {
        var entry = new RegistryEntry { UserId = user.Id, UserName = user.UserName!, Since = now };
        entry.Suspend(cause, now);
        return entry;
    }

    /// <summary>What the person's newest certificate says. It lifts what a lost device brought: whatever was lost, this key is not.</summary>
    /// <returns>Whether anything changed.</returns>
    internal bool Update(PortalUser user, string dn, DateTimeOffset now)
    {
        RequireHere();
        if (Dn == dn && UserName == user.UserName && FullName == user.FullName && Email == (user.Email ?? "") && LostAt is null) return false;
        (Dn, DnHash, UserName, FullName, Email) = (dn, HashOf(dn), user.UserName!, user.FullName, user.Email ?? "");
        LostAt = null;
        Change(now);
        return true;
    }

    /// <returns>False: it is suspended for that cause already.</returns>
    internal bool Suspend(SuspensionCause cause, DateTimeOffset now)
    {
        RequireHere();
        if (AtOf(cause) is not null) return false;
        Set(cause, now);
        Change(now);
        return true;
    }

    /// <returns>False: it is not suspended for that cause.</returns>
    internal bool Resume(SuspensionCause cause, DateTimeOffset now)
    {
        RequireHere();
        if (AtOf(cause) is null) return false;
        Set(cause, null);
        Change(now);
        return true;
    }

    internal void Leave(DateTimeOffset now)
    {
        RequireHere();
        (RemovedAt, FullName, Email) = (now, "", "");
        Change(now);
    }

    /// <summary>Says the same once more, under a new number.</summary>
    internal void Repeat()
    {
        RequireHere();
        Revision++;
    }

    private DateTimeOffset? AtOf(SuspensionCause cause) => cause switch
    {
        SuspensionCause.LostDevice => LostAt,
        SuspensionCause.Removal => RemovalAt,
    };

    private void Set(SuspensionCause cause, DateTimeOffset? at)
    {
        if (cause is SuspensionCause.LostDevice) LostAt = at;
        else RemovalAt = at;
    }

    private void Change(DateTimeOffset now)
    {
        Since = now;
        Revision++;
    }

    private void RequireHere()
    {
        if (RemovedAt is not null) throw new InvalidOperationException($"The entry of {UserId} has been removed.");
    }
}
