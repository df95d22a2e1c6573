using StarPortal.Core.Acme;

namespace StarPortal.Core.Delegation;

/// <summary>Why a CA gave nothing, for the consumer, who is told nothing of the owner's affairs.</summary>
internal static class UpstreamReasons
{
    public const string TooLong = "The certificate authority's certificates are valid for longer than the owner of the names allows.";

    private const string Refused = "The certificate authority refused the order. Ask the owner of the names.";

    /// <summary>What this portal's own CA refused.</summary>
    public static UpstreamStep.Refused Of(AcmeProblemType type, string detail) => type switch
    {
        AcmeProblemType.BadCsr or AcmeProblemType.BadPublicKey => BadRequest(detail),
        AcmeProblemType.Caa => Forbidden(detail),
        _ => new(Refused, detail),
    };

    /// <summary>What another CA's order has come to.</summary>
    public static UpstreamStep.Refused Of(UpstreamProblem? problem, string detail) =>
        problem is null ? new(Refused, detail)
        : problem.Is("badCSR") || problem.Is("badPublicKey") ? BadRequest(detail)
        : problem.Is("caa") ? Forbidden(detail)
        : new(Refused, detail);

    public static UpstreamStep.Refused Of(Exception error) => error switch
    {
        ChallengeFailedException => new("The owner of the names could not show the certificate authority control of them.", error.Message),
        UpstreamException { Failure: UpstreamFailure.TooLong } => new(TooLong, error.Message),
        UpstreamException { Failure: UpstreamFailure.WrongCertificate } => new("The certificate authority sent a certificate that was not ordered.", error.Message) { Problem = AcmeProblemType.ServerInternal },
        UpstreamException { Problem: var problem } => Of(problem, error.Message),
        _ => new(Refused, error.Message),
    };

    private static UpstreamStep.Refused BadRequest(string detail) => new("The certificate authority does not certify this key or request.", detail) { Problem = AcmeProblemType.BadCsr };

    private static UpstreamStep.Refused Forbidden(string detail) => new("The certificate authority may not issue for these names (CAA).", detail) { Problem = AcmeProblemType.Caa };
}
