using StarPortal.Core.Authority;

namespace StarPortal.Web.Components.Pages.Admin.Certificates;

/// <summary>How a certificate's status is shown.</summary>
internal static class CertificateChips
{
    public static (string Kind, string Text) Of(CertificateStatus status) => status switch
    {
        CertificateStatus.Valid => ("good", "Valid"),
        CertificateStatus.Expired => ("off", "Expired"),
        CertificateStatus.Revoked => ("bad", "Revoked"),
    };

    /// <summary>RFC 5280's reasons in plain words.</summary>
    public static string Of(RevocationReason? reason) => (reason ?? RevocationReason.Unspecified) switch
    {
        RevocationReason.Unspecified => "no reason given",
        RevocationReason.KeyCompromise => "the key may be in other hands (keyCompromise)",
        RevocationReason.CaCompromise => "the authority's key may be in other hands (cACompromise)",
        RevocationReason.AffiliationChanged => "the holder's name or organisation changed (affiliationChanged)",
        RevocationReason.Superseded => "replaced by another certificate (superseded)",
        RevocationReason.CessationOfOperation => "not needed any more (cessationOfOperation)",
        RevocationReason.PrivilegeWithdrawn => "a right was withdrawn (privilegeWithdrawn)",
        RevocationReason.AaCompromise => "an attribute authority was compromised (aACompromise)",
    };
}
