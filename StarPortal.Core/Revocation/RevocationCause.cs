using StarPortal.Core.Authority;

namespace StarPortal.Core.Revocation;

/// <summary>Why a certificate is given up, in the words of the people concerned.</summary>
public enum RevocationCause
{
    KeyExposed,
    KeyLost,
    Replaced,
    DetailsChanged,
    NoLongerNeeded,
    MembershipEnded,
    RightWithdrawn,
    ContentWrong,
}

/// <param name="Cause">The choice.</param>
/// <param name="Reason">What the CRL and OCSP say (RFC 5280 5.3.1).</param>
/// <param name="Own">What the holder reads; null: for officers only.</param>
/// <param name="Officer">What officers and administrators read.</param>
public sealed record RevocationChoice(RevocationCause Cause, RevocationReason Reason, string? Own, string Officer)
{
    public static IReadOnlyList<RevocationChoice> All { get; } = [.. Enum.GetValues<RevocationCause>().Select(Of)];

    public static IReadOnlyList<RevocationChoice> ForHolder { get; } = [.. All.Where(choice => choice.Own is not null)];

    public static RevocationChoice Of(RevocationCause cause) => cause switch
    {
        RevocationCause.KeyExposed => new(cause, RevocationReason.KeyCompromise,
            "Somebody else may have my key: a stolen or infected computer, a shared passphrase", "Somebody else may have the key"),
        RevocationCause.KeyLost => new(cause, RevocationReason.CessationOfOperation,
            "I can't use my key any more: it is lost, or I have forgotten the passphrase", "The holder can't use the key any more"),
        RevocationCause.Replaced => new(cause, RevocationReason.Superseded, "I have a newer certificate", "There is a newer certificate"),
        RevocationCause.DetailsChanged => new(cause, RevocationReason.AffiliationChanged,
            "My name or my organisation has changed", "The holder's name or organisation has changed"),
        RevocationCause.NoLongerNeeded => new(cause, RevocationReason.CessationOfOperation, "I no longer need it", "It is no longer needed"),
        RevocationCause.MembershipEnded => new(cause, RevocationReason.AffiliationChanged, null, "The holder no longer belongs to the organisation"),
        RevocationCause.RightWithdrawn => new(cause, RevocationReason.PrivilegeWithdrawn, null, "The holder may no longer use it: the rules were broken"),
        RevocationCause.ContentWrong => new(cause, RevocationReason.Superseded, null, "It should not have been issued as it is"),
    };

    /// <summary>The words for this reader.</summary>
    public string LabelFor(bool isOwn) => isOwn ? Own ?? Officer : Officer;
}
