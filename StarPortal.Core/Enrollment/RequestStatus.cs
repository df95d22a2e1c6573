namespace StarPortal.Core.Enrollment;

/// <summary>Where a request is. Kept as text; the last four are ends.</summary>
public enum RequestStatus
{
    /// <summary>Submitted; the person has not yet opened the link in the confirmation mail. No officer hears of it.</summary>
    AwaitingConfirmation,

    /// <summary>With the officers of the organisation.</summary>
    AwaitingDecision,

    /// <summary>An officer has asked the person something; the officers' clock stands still until the answer comes.</summary>
    OnHold,

    /// <summary>Decided; the certificate is being made.</summary>
    Approved,

    Issued,
    Rejected,
    Withdrawn,
    Expired,
}

/// <summary>Who made the key that is to be certified.</summary>
public enum KeySource
{
    /// <summary>The portal made it and keeps it encrypted under the person's passphrase.</summary>
    Portal,

    /// <summary>The person did, and sent a PKCS#10 request: the portal has never seen the private key.</summary>
    SigningRequest,
}

/// <summary>Why an officer says no. Each rejection has one, and a text besides.</summary>
public enum RejectionCode
{
    NotAMember,
    IdentityNotEstablished,
    NameIncorrect,
    AddressNotPlausible,
    KeyUnsuitable,
    Duplicate,
    PurposeNotAccepted,
    NoAnswer,
    Other,
}

/// <summary>Who is asked when the officers have left a request lying; the later step is the further one.</summary>
public enum EscalationStep
{
    Deputies,

    /// <summary>From here on administrators may decide it.</summary>
    Administrators,
}
