namespace StarPortal.Core.Acme;

/// <summary>What is counted, and by what.</summary>
public enum AcmeLimitKind
{
    AccountsPerAddress,
    OrdersPerAccount,
    OrdersPerAddress,
    OrdersPerIdentifier,

    /// <summary>By account and identifier.</summary>
    FailedValidations,

    /// <summary>Attempts that a client asks for, by authorization.</summary>
    ChallengeAttempts,
}
