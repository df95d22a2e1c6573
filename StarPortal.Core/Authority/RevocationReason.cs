namespace StarPortal.Core.Authority;

/// <summary>CRLReason of RFC 5280 5.3.1, without the two that belong to suspended certificates.</summary>
public enum RevocationReason
{
    Unspecified = 0,
    KeyCompromise = 1,
    CaCompromise = 2,
    AffiliationChanged = 3,
    Superseded = 4,
    CessationOfOperation = 5,
    PrivilegeWithdrawn = 9,
    AaCompromise = 10,
}
