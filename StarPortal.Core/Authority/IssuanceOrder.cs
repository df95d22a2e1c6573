namespace StarPortal.Core.Authority;

/// <summary>What shall be certified: the one input of issuing, whoever asks.</summary>
public sealed record IssuanceOrder
{
    /// <summary>Name of the <see cref="IssuanceProfile"/>.</summary>
    public required string Profile { get; init; }

    public required DistinguishedName Subject { get; init; }

    public IReadOnlyList<SubjectAlternativeName> Names { get; init; } = [];

    /// <summary>SubjectPublicKeyInfo, DER.</summary>
    public required byte[] PublicKeyInfo { get; init; }

    /// <summary>The same key as it was read already; null: it is read from <see cref="PublicKeyInfo"/>.</summary>
    public PublicKeyFacts? Key { get; init; }

    /// <summary>The person that the certificate belongs to.</summary>
    public Guid? UserId { get; init; }

    public Guid? OrganisationId { get; init; }

    /// <summary>When the certificate shall begin; null: a little before now, as configured.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>When it shall end; null: after the profile's validity.</summary>
    public DateTimeOffset? NotAfter { get; init; }

    /// <summary>Whoever asks has shown control of each name by a protocol (a wildcard by DNS), so that wildcards are not a question of the profile.</summary>
    public bool NamesAreProven { get; init; }

    /// <summary>Ends so soon that revoking it is not provided for (RFC 9608): it names neither a CRL nor an OCSP responder and says so.</summary>
    public bool IsShortTerm { get; init; }

    /// <summary>What it is issued for, such as <c>request:{id}</c>: unique, so that issuing twice for one source violates an index.</summary>
    public required string SourceKey { get; init; }
}

/// <summary>The certificate as it would be, signed by a throw-away key that chains to nothing.</summary>
/// <param name="Der">Serial number, validity and signature will be others.</param>
/// <param name="Text">As <see cref="CertificateText"/> renders it.</param>
/// <param name="Findings">Of the key policy, the name rules and the certificate profile.</param>
public sealed record ToBeIssued(byte[] Der, string Text, IReadOnlyList<Finding> Findings)
{
    public bool IsBlocked => Findings.Any(finding => finding.Severity is FindingSeverity.Block);
}
