namespace StarPortal.Core.Acme;

/// <summary>Where a claim to a namespace stands.</summary>
public enum AcmeNamespaceState
{
    /// <summary>Claimed; an officer has to decide.</summary>
    Asked,
    Approved,
    Refused,

    /// <summary>Was approved and is no longer, or was taken back by the claimant before.</summary>
    Withdrawn,
}
