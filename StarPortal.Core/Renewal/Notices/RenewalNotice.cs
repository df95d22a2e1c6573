namespace StarPortal.Core.Renewal;

/// <summary>That a slot of a certificate has been written about: one row each, whatever runs how often and where.</summary>
public sealed class RenewalNotice
{
    private RenewalNotice()
    {
    }

    public Guid CertificateId { get; private set; }

    /// <summary>In days: see <see cref="NoticeSlots"/>.</summary>
    public int Slot { get; private set; }

    public DateTimeOffset WrittenAt { get; private set; }

    public static RenewalNotice For(Guid certificateId, int slot, DateTimeOffset now) => new() { CertificateId = certificateId, Slot = slot, WrittenAt = now };
}

/// <summary>Somebody who wants to be told as late as can be: see <see cref="NoticeSlots.LastTwo"/>.</summary>
public sealed class MutedNotices
{
    private MutedNotices()
    {
    }

    public Guid UserId { get; private set; }

    public DateTimeOffset Since { get; private set; }

    public static MutedNotices For(Guid userId, DateTimeOffset now) => new() { UserId = userId, Since = now };
}
