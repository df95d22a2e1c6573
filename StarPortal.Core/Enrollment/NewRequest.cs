using StarPortal.Core.Authority;
using StarPortal.Core.Identity;

namespace StarPortal.Core.Enrollment;

/// <summary>What a request is made of, checked already (<see cref="EnrollmentRequest.Submit"/> judges nothing).</summary>
public sealed record NewRequest
{
    /// <summary>A random number that the form carries: the same form sent twice makes one request.</summary>
    public required Guid SubmissionId { get; init; }

    public required Guid UserId { get; init; }

    public required string UserName { get; init; }

    /// <summary>In any script.</summary>
    public required string FullName { get; init; }

    public required string Email { get; init; }

    public string? Phone { get; init; }

    public required Guid OrganisationId { get; init; }

    public required string Purpose { get; init; }

    public string? Sponsor { get; init; }

    /// <summary>Name of the issuance profile.</summary>
    public required string Profile { get; init; }

    /// <summary>The subject as printed, from the root of the tree down.</summary>
    public required string Subject { get; init; }

    /// <summary>The same, DER-encoded.</summary>
    public required byte[] SubjectEncoded { get; init; }

    /// <summary>Whether no account has this subject yet, so that the open request has to keep it from others.</summary>
    public required bool ReservesSubject { get; init; }

    public IReadOnlyList<SubjectAlternativeName> Names { get; init; } = [];

    public required KeySource KeySource { get; init; }

    /// <summary>SubjectPublicKeyInfo, DER.</summary>
    public required byte[] PublicKeyInfo { get; init; }

    /// <summary>SHA-256 of <see cref="PublicKeyInfo"/>, lower-case hex.</summary>
    public required string KeyHash { get; init; }

    /// <summary>PKCS#8 under the passphrase, sealed with the server key; null when the person has the key.</summary>
    public byte[]? EncryptedKey { get; init; }

    /// <summary>PKCS#10, DER, when a CA outside signs; else null.</summary>
    public byte[]? SigningRequest { get; init; }

    public RequestKind Kind { get; init; }

    /// <summary>What the person signs in by once it is issued; null: nothing changes there.</summary>
    public SealedPassphrase? NewPassphrase { get; init; }

    /// <summary>Why the person asks although there are findings to acknowledge; null when there are none.</summary>
    public string? AcknowledgementReason { get; init; }

    public IReadOnlyList<Finding> Findings { get; init; } = [];
}
