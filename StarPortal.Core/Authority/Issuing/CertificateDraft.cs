namespace StarPortal.Core.Authority;

/// <summary>A certificate that is complete but for its signature, and what the checks say about it.</summary>
/// <param name="ToBeSigned">DER of <paramref name="Content"/>: the very bytes that were linted are signed.</param>
internal sealed record CertificateDraft(Issuer Issuer, CertificateContent Content, byte[] ToBeSigned, IReadOnlyList<Finding> Findings)
{
    public bool IsBlocked => Findings.Any(finding => finding.Severity is FindingSeverity.Block);

    public byte[] SignByIssuer() => Issuer.Sign(key => key.SignAndWrap(ToBeSigned));

    /// <summary>By a key of the issuer's kind that was made for this and chains to nothing.</summary>
    public byte[] SignByThrowAway() => Content.Sign(ThrowAwayKeys.Like(Issuer.PublicKeyInfo));
}
