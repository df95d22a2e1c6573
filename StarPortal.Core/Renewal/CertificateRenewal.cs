using StarPortal.Core.Shared;

namespace StarPortal.Core.Renewal;

/// <summary>What became of a certificate as its end came near: told, tried, replaced or declined. Made with the first of these.</summary>
public sealed class CertificateRenewal
{
    private CertificateRenewal()
    {
    }

    /// <summary>The certificate that ends.</summary>
    public Guid CertificateId { get; private set; }

    public Guid UserId { get; private set; }

    /// <summary>When the first notice was written.</summary>
    public DateTimeOffset? NotifiedAt { get; private set; }

    /// <summary>When its holder first sent the renewal form, right or wrong. A page that was merely opened may have been opened by a scanner, and does not count.</summary>
    public DateTimeOffset? OpenedAt { get; private set; }

    public DateTimeOffset? DeclinedAt { get; private set; }

    public DateTimeOffset? RenewedAt { get; private set; }

    /// <summary>The certificate that replaces it: the lineage. Unique, of the same person and the same subject.</summary>
    public Guid? ReplacementId { get; private set; }

    /// <summary>Counts the verbs: a concurrency token, so that of two that act at once one starts over.</summary>
    public int Version { get; private set; }

    /// <summary>Whether nobody has answered yet.</summary>
    public bool IsOpen => RenewedAt is null && DeclinedAt is null;

    public static CertificateRenewal Begin(Guid certificateId, Guid userId) => new() { CertificateId = certificateId, UserId = userId };

    public void Notify(DateTimeOffset now)
    {
        RequireOpen();
        NotifiedAt ??= now;
        Version++;
    }

    public void MarkOpened(DateTimeOffset now)
    {
        if (OpenedAt is not null) return;
        OpenedAt = now;
        Version++;
    }

    public void Replace(Guid replacementId, DateTimeOffset now)
    {
        RequireOpen();
        (ReplacementId, RenewedAt) = (replacementId, now);
        Version++;
    }

    public void Decline(DateTimeOffset now)
    {
        RequireOpen();
        DeclinedAt = now;
        Version++;
    }

    /// <exception cref="ServiceException">Conflict: not declined; Gone: too late.</exception>
    public void Undo(TimeSpan undoTime, DateTimeOffset now)
    {
        if (DeclinedAt is not { } declined) throw RenewalErrors.NotDeclined();
        if (now > declined + undoTime) throw RenewalErrors.TooLateToUndo(declined + undoTime);
        DeclinedAt = null;
        Version++;
    }

    private void RequireOpen()
    {
        if (RenewedAt is { } renewed) throw RenewalErrors.AlreadyRenewed(renewed);
        if (DeclinedAt is { } declined) throw RenewalErrors.Declined(declined);
    }
}
