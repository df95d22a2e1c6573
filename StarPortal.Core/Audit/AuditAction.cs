namespace StarPortal.Core.Audit;

/// <summary>What was done. Kept as text; a name, once released, never changes.</summary>
public enum AuditAction
{
    // Authority
    AuthorityCreated,
    CertificateIssued,
    CertificateRevoked,
    RevocationAsked,
    CrlPublished,
    OcspSignerIssued,

    // Identity
    UserCreated,
    UserRemoved,
    EmailConfirmed,
    SignedIn,
    SignInFailed,
    SignedOut,
    LockedOut,
    UserLocked,
    UserUnlocked,
    UserInvited,
    InvitationAccepted,
    PasswordChanged,
    SecondFactorEnabled,
    SecondFactorDisabled,
    SecondFactorReset,
    RecoveryCodesRenewed,
    PasskeyAdded,
    PasskeyRemoved,
    RoleGranted,
    RoleEnded,
    OrganisationCreated,
    OrganisationChanged,
    MailLinkOpened,

    // Enrollment
    RequestSubmitted,
    RequestConfirmed,
    RequestConfirmationSent,
    RequestWithdrawn,
    RequestNudged,
    RequestAnswered,
    RequestExpired,

    // Approval
    RequestClaimed,
    RequestVoted,
    RequestReturned,
    RequestReleased,
    RequestApproved,
    RequestRejected,
    RequestHeld,
    RequestIssued,
    RequestEscalated,
    OfficerReminded,
    FindingsAcknowledged,

    // Credentials
    CredentialStored,
    CredentialDownloaded,
    CredentialRefused,

    // Renewal
    RenewalNotified,
    RenewalOpened,
    CertificateRenewed,
    RenewalDeclined,
    RenewalDeclineUndone,
    RenewalNoticesMuted,
    RenewalNoticesUnmuted,
    RenewalDigestSent,
    AddressChangeAsked,
    AddressChanged,
    PhoneChanged,
    OrganisationWished,
    EntitlementAsked,
    EntitlementConfirmed,
    EntitlementRefused,

    // MyProxy
    MyProxyStored,
    MyProxyReplaced,
    MyProxyRemoved,
    MyProxyLogon,
    MyProxyLogonRefused,
    MyProxyKeyRetrieved,
    MyProxyInfoRead,
    MyProxyPassphraseChanged,
    MyProxyKeyReencrypted,
    MyProxyLocked,
    MyProxyUnlocked,
    MyProxyExported,

    // Acme: orders and namespaces
    AcmeOrderPlaced,
    AcmeOrderFailed,
    AcmeFinalizeRefused,
    AcmeAuthorizationCreated,
    AcmeChallengeChosen,
    AcmeAuthorizationValid,
    AcmeAuthorizationInvalid,
    AcmeAuthorizationDeactivated,
    AcmeNamespaceAsked,
    AcmeNamespaceApproved,
    AcmeNamespaceRefused,
    AcmeNamespaceWithdrawn,
    AcmeMassEventDeclared,
    AcmeMassEventEnded,

    // Star
    StarOrderBegun,
    StarOrderCanceled,
    StarCertificatesIssued,
    StarRenewalDelayed,

    // Delegation
    ConsumerCreated,
    ConsumerEnded,
    ConsumerCredentialCreated,
    ConsumerCredentialRevoked,
    DelegationCreated,
    DelegationChanged,
    DelegationPaused,
    DelegationResumed,
    DelegationEnded,
    DelegatedOrderPlaced,
    DelegatedOrderSubmitted,
    DelegatedOrderApproved,
    DelegatedOrderRefused,
    DelegatedOrderIssued,
    DelegatedOrderFailed,
    DelegatedOrderDelayed,
    DelegatedOrderCanceled,
    UpstreamAccountOpened,
    UpstreamKeyChanged,

    // Acme: accounts
    AcmeAccountCreated,
    AcmeAccountChanged,
    AcmeAccountKeyChanged,
    AcmeAccountDeactivated,
    AcmeAccountRevoked,
    AcmeTermsAgreed,
    ExternalAccountKeyCreated,
    ExternalAccountKeyRevoked,

    // Mail
    MailSent,
    MailGivenUp,
    MailRetried,

    // Running
    JobStarted,
    ClockWound,
    AuditExported,
}
