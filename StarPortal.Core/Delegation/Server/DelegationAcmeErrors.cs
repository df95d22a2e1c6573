using Microsoft.AspNetCore.Http;
using StarPortal.Core.Acme;

namespace StarPortal.Core.Delegation;

/// <summary>What is refused in the words of RFC 9115.</summary>
internal static class DelegationAcmeErrors
{
    /// <summary>2.3.1.3: not there, or another consumer's: nobody learns which.</summary>
    public static AcmeException UnknownDelegation() => new(AcmeProblemType.UnknownDelegation, "The order names no delegation of this account.");

    public static AcmeException NoConsumer() => AcmeErrors.Unauthorized("This account stands for no consumer any more. Ask the owner of the names for a new external account key.");

    /// <summary>2.3.2.1: 403, with a subproblem for each name.</summary>
    public static AcmeException Refused(IReadOnlyList<CsrFinding> findings) =>
        new(TypeOf(findings), string.Join(' ', findings.Select(finding => finding.Text)), StatusCodes.Status403Forbidden) { Subproblems = Subproblems(findings) };

    /// <summary>Of the answer to finalize, and of the order that it ends: a name that is refused says more than whatever else is wrong with the request.</summary>
    public static AcmeProblemType TypeOf(IReadOnlyList<CsrFinding> findings) =>
        findings.Any(finding => finding.DnsName is not null) ? AcmeProblemType.RejectedIdentifier : AcmeProblemType.BadCsr;

    /// <summary>As above, for the identifiers of newOrder.</summary>
    public static AcmeException Rejected(IReadOnlyList<CsrFinding> findings) =>
        new(AcmeProblemType.RejectedIdentifier, string.Join(' ', findings.Select(finding => finding.Text)), StatusCodes.Status403Forbidden) { Subproblems = Subproblems(findings) };

    private static IReadOnlyList<AcmeSubproblem> Subproblems(IReadOnlyList<CsrFinding> findings) =>
        [.. findings.Where(finding => finding.DnsName is not null).Select(finding => new AcmeSubproblem(AcmeProblemType.RejectedIdentifier, finding.Text, AcmeIdentifier.Dns(finding.DnsName!)))];
}
