namespace StarPortal.Core.Authority;

/// <summary>How a certificate stands now: computed from its dates, never stored.</summary>
public enum CertificateStatus
{
    Valid,
    Expired,
    Revoked,
}

/// <summary>What an inventory page asks for; everything that is null or empty does not narrow it.</summary>
public sealed record CertificateQuery
{
    /// <summary>A part of the subject, of a name or of the serial number.</summary>
    public string? Text { get; init; }

    public CertificateStatus? Status { get; init; }

    public string? Profile { get; init; }

    public Guid? OrganisationId { get; init; }

    /// <summary>Ends at this instant or later.</summary>
    public DateTimeOffset? EndsFrom { get; init; }

    /// <summary>Ends before this instant.</summary>
    public DateTimeOffset? EndsBefore { get; init; }

    /// <summary>From 1 on.</summary>
    public int Page { get; init; } = 1;
}

/// <summary>A line of the inventory.</summary>
public sealed record CertificateRow(
    SerialNumber SerialNumber, string Subject, IReadOnlyList<string> Names, string Profile, Guid? OrganisationId, DateTimeOffset IssuedAt, DateTimeOffset NotAfter, CertificateStatus Status);

/// <summary>A page of the inventory, the newest certificates first.</summary>
public sealed record CertificatePage(IReadOnlyList<CertificateRow> Rows, int Total);

/// <summary>All about one certificate.</summary>
public sealed record CertificateDetails(IssuedCertificate Certificate, CertificateStatus Status, string Text, string Pem);
