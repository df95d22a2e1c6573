namespace StarPortal.Core.Enrollment;

/// <summary>What a person types on the request page, as typed. Nothing in it has been checked.</summary>
public sealed class EnrollmentForm
{
    /// <summary>Random, given out with the empty form: the same form sent twice, however late, makes one request.</summary>
    public Guid SubmissionId { get; set; }

    public string? UserName { get; set; }

    public string? FullName { get; set; }

    public string? Email { get; set; }

    public string? Phone { get; set; }

    public Guid? OrganisationId { get; set; }

    public string? Purpose { get; set; }

    public string? Sponsor { get; set; }

    /// <summary>Signs the person in from now on; the current one when somebody who is signed in asks again.</summary>
    public string? Passphrase { get; set; }

    public string? PassphraseAgain { get; set; }

    public string? Hint { get; set; }

    public KeySource Key { get; set; }

    /// <summary>PKCS#10 as PEM or bare base64, when <see cref="Key"/> says so.</summary>
    public string? SigningRequest { get; set; }

    /// <summary>Ask anyway: what was found has been read.</summary>
    public bool Acknowledge { get; set; }

    public string? AcknowledgementReason { get; set; }
}
