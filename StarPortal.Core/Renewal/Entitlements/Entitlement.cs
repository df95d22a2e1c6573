using StarPortal.Core.Shared;

namespace StarPortal.Core.Renewal;

/// <summary>What officers last said to "still one of ours?" about a person, and what they are asked now. Made when there is anything to say.</summary>
public sealed class Entitlement
{
    private Entitlement()
    {
    }

    public Guid UserId { get; private set; }

    public DateTimeOffset? ConfirmedAt { get; private set; }

    public DateTimeOffset? RefusedAt { get; private set; }

    public Guid? DecidedBy { get; private set; }

    /// <summary>When the person wanted to renew and could not for want of an answer; null: nobody waits.</summary>
    public DateTimeOffset? WaitingSince { get; private set; }

    /// <summary>The certificate that is to be renewed.</summary>
    public Guid? WaitingCertificateId { get; private set; }

    /// <summary>The organisation that the person says to belong to now: its officers are asked.</summary>
    public Guid? WishedOrganisationId { get; private set; }

    public int Version { get; private set; }

    public static Entitlement Of(Guid userId) => new() { UserId = userId };

    public void WaitFor(Guid certificateId, DateTimeOffset now)
    {
        (WaitingSince, WaitingCertificateId) = (WaitingSince ?? now, certificateId);
        Version++;
    }

    public void WishFor(Guid organisationId)
    {
        WishedOrganisationId = organisationId;
        Version++;
    }

    /// <returns>The certificate whose renewal waited for this; null: none.</returns>
    public Guid? Confirm(Actor officer, DateTimeOffset now)
    {
        var waiting = WaitingCertificateId;
        (ConfirmedAt, RefusedAt, DecidedBy) = (now, null, officer.RequireSignedIn());
        (WaitingSince, WaitingCertificateId, WishedOrganisationId) = (null, null, null);
        Version++;
        return waiting;
    }

    /// <summary>Not one of ours: nothing is renewed any more. What there is stays until it is revoked or ends.</summary>
    public void Refuse(Actor officer, DateTimeOffset now)
    {
        (RefusedAt, DecidedBy) = (now, officer.RequireSignedIn());
        (WaitingSince, WaitingCertificateId) = (null, null);
        Version++;
    }

    /// <summary>Not one of the organisation that the person wished for; what the present one says is another question.</summary>
    public void RefuseWish()
    {
        WishedOrganisationId = null;
        Version++;
    }
}
