namespace StarPortal.Core.Acme;

/// <summary>What a client asks for in newOrder (RFC 8555 7.4, RFC 9773 5, draft-ietf-acme-profiles), read and well-formed.</summary>
public sealed record NewOrder
{
    /// <summary>Each once, in the client's order.</summary>
    public required IReadOnlyList<AcmeIdentifier> Identifiers { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    public DateTimeOffset? NotAfter { get; init; }

    public string? Profile { get; init; }

    /// <summary>The certificate that this one is to replace, in the form of RFC 9773 4.1.</summary>
    public string? Replaces { get; init; }

    /// <summary>Whether anybody who knows the certificate's URL may fetch it (RFC 9115 2.3.5); of no meaning with an extension, which has its own.</summary>
    public bool AllowCertificateGet { get; init; }

    /// <summary>What an extension read of the order; null: an order as RFC 8555 has it.</summary>
    public IOrderTerms? Extension { get; init; }
}
