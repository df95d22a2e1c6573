using Microsoft.AspNetCore.Http;

namespace StarPortal.Core.Acme;

/// <summary>What orders, authorizations and revocations are refused with.</summary>
public static class AcmeOrderErrors
{
    /// <summary>RFC 8555 6.7.1: one problem for each identifier; of one kind, that kind stands for all.</summary>
    public static AcmeException Identifiers(IReadOnlyList<AcmeSubproblem> problems, int? status = null)
    {
        if (problems is [var only]) return new(only.Type, only.Detail, status) { Subproblems = problems };
        var kind = problems.All(problem => problem.Type == problems[0].Type) ? problems[0].Type : AcmeProblemType.Compound;
        return new(kind, $"{problems.Count} of the identifiers are refused; each is listed with its reason.", status) { Subproblems = problems };
    }

    /// <summary>RFC 8555 7.4.1: policy, 403.</summary>
    public static AcmeException RejectedIdentifiers(IReadOnlyList<AcmeSubproblem> problems) => Identifiers(problems, StatusCodes.Status403Forbidden);

    /// <summary>RFC 8555 7.4: 403.</summary>
    public static AcmeException OrderNotReady(string detail) => new(AcmeProblemType.OrderNotReady, detail);

    public static AcmeException BadCsr(string detail) => new(AcmeProblemType.BadCsr, detail);

    public static AcmeException Caa(IReadOnlyList<AcmeSubproblem> problems) => Identifiers(problems, StatusCodes.Status403Forbidden);

    /// <summary>RFC 9773 5: 409.</summary>
    public static AcmeException AlreadyReplaced() => new(AcmeProblemType.AlreadyReplaced, "Another order replaces this certificate already.");

    public static AcmeException AlreadyRevoked() => new(AcmeProblemType.AlreadyRevoked, "The certificate has been revoked already.");

    public static AcmeException BadRevocationReason(string detail) => new(AcmeProblemType.BadRevocationReason, detail);

    public static AcmeException UnknownCertificate() => new(AcmeProblemType.Malformed, "This is no certificate of this server.", StatusCodes.Status404NotFound);

    public static AcmeException InvalidProfile(string detail) => new(AcmeProblemType.InvalidProfile, detail);

    /// <summary>RFC 8555 6.6: with Retry-After.</summary>
    public static AcmeException RateLimited(string detail, TimeSpan wait) =>
        new(AcmeProblemType.RateLimited, detail) { RetryAfter = TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(wait.TotalSeconds))) };

    public static AcmeException TooManyIdentifiers(int most) => new(AcmeProblemType.Malformed, $"An order has at most {most} identifiers.");
}
