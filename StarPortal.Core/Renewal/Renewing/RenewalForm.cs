namespace StarPortal.Core.Renewal;

/// <summary>What somebody types to renew.</summary>
public sealed record RenewalForm
{
    /// <summary>Of the present key, which it opens; of the account, when the person holds the key.</summary>
    public string? Passphrase { get; init; }

    /// <summary>Null or empty: as it is.</summary>
    public string? Email { get; init; }

    /// <summary>As above.</summary>
    public string? Phone { get; init; }

    /// <summary>As above.</summary>
    public Guid? OrganisationId { get; init; }

    /// <summary>PKCS#10 for a new key of the person's own; null or empty: the portal makes one.</summary>
    public string? SigningRequest { get; init; }
}

/// <summary>What came of it.</summary>
public enum RenewalOutcome
{
    /// <summary>The new certificate is there.</summary>
    Renewed,

    /// <summary>The other address has to be confirmed first: a mail is on its way there.</summary>
    AddressAsked,

    /// <summary>An officer has to say first that the person is still one of theirs, and has been asked.</summary>
    OfficerAsked,
}
