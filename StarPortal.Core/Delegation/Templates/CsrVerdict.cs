using StarPortal.Core.Authority;

namespace StarPortal.Core.Delegation;

/// <summary>What comparing a request with a template came to.</summary>
/// <param name="Request">For what follows: weak and compromised keys are the authority's business. Null when this is no signing request, or its signature is wrong.</param>
/// <param name="Encoded">The request's DER, to be passed on; empty without a request.</param>
/// <param name="Findings">Why it is not allowed; empty when it is.</param>
public sealed record CsrVerdict(SigningRequest? Request, byte[] Encoded, IReadOnlyList<CsrFinding> Findings)
{
    public bool IsAllowed => Request is not null && Findings.Count == 0;
}
