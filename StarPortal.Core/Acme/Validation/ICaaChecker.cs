namespace StarPortal.Core.Acme;

/// <summary>Whether the owner of a name lets us issue for it (RFC 8659, RFC 8657).</summary>
public interface ICaaChecker
{
    /// <param name="validationMethod">As on the wire, such as <c>http-01</c>; how the identifier was validated.</param>
    Task<ValidationOutcome> CheckAsync(AcmeIdentifier identifier, bool isWildcard, string accountUrl, string validationMethod, CancellationToken ct);
}
