using StarPortal.Core.Star;

namespace StarPortal.Core.Delegation;

internal static class UpstreamErrors
{
    public static UpstreamException Refused(UpstreamProblem problem, DateTimeOffset? retryAt)
    {
        var failure = problem.Is("rateLimited") || problem.Status == 429 ? UpstreamFailure.RateLimited
            : problem.Status >= 500 ? UpstreamFailure.Unavailable
            : UpstreamFailure.Refused;
        return new(failure, $"The upstream CA refused: {problem}") { Problem = problem, RetryAt = retryAt };
    }

    /// <summary>An order or authorization that has become invalid.</summary>
    public static UpstreamException Invalid(string what, UpstreamProblem? problem) =>
        new(UpstreamFailure.Refused, problem is null ? $"{what} failed at the upstream CA, which doesn't say why." : $"{what} failed at the upstream CA: {problem}") { Problem = problem };

    public static UpstreamException Nonsense(string detail, Exception? inner = null) => new(UpstreamFailure.Nonsense, $"The upstream CA's answer is not ACME: {detail}", inner);

    public static UpstreamException NotOffered(string resource) => new(UpstreamFailure.Refused, $"The upstream CA does not offer {resource}: its directory has no such URL.");

    public static UpstreamException Slow(TimeSpan limit, Exception? inner = null) =>
        new(UpstreamFailure.Slow, $"The upstream CA did not finish its answer within {limit.TotalSeconds:0.#} seconds.", inner);

    public static UpstreamException StillWaiting(string what, TimeSpan limit) => new(UpstreamFailure.Slow, $"{what} was not done by the upstream CA within {limit.TotalSeconds:0.#} seconds.");

    public static UpstreamException Unreachable(string why, Exception inner) => new(UpstreamFailure.Unreachable, $"The upstream CA can't be reached: {PlainText.Of(why)}", inner);

    public static UpstreamException TooLong(string why) => new(UpstreamFailure.TooLong, $"The upstream CA's certificate {why}");

    public static UpstreamException WrongCertificate(string why, Exception? inner = null) => new(UpstreamFailure.WrongCertificate, $"The upstream CA's certificate is not what was ordered: {why}", inner);
}
