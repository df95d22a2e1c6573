using Microsoft.Extensions.Options;

namespace StarPortal.Core.Acme;

/// <summary>http-01: RFC 8555 8.3, and RFC 8738 5 for addresses.</summary>
public sealed class Http01Validator(Http01Fetcher fetcher, ValidationSlots slots, IOptions<AcmeOptions> acme) : IChallengeValidator
{
    private readonly RedirectRules rules = new(acme.Value.Validation.MaxRedirects, new HashSet<int> { 80, 443, acme.Value.Http01Port, acme.Value.TlsAlpn01Port });

    public ChallengeType Type => ChallengeType.Http01;

    public Task<ValidationOutcome> ValidateAsync(ValidationTask task, CancellationToken ct) =>
        slots.RunAsync((trace, bound) => ValidateAsync(task, trace, bound), ct);

    private async Task<string> ValidateAsync(ValidationTask task, ValidationTrace trace, CancellationToken ct)
    {
        if (task.IsWildcard) throw new ValidationFailedException(AcmeProblemType.Malformed, "A wildcard name is validated by DNS, not by http-01.");

        // 1. and 2. The URL.
        List<Uri> way = [UrlFor(task)];

        // 3. GET to port 80; redirects SHOULD be followed.
        var answer = await fetcher.GetAsync(way[^1], trace, ct);
        while (answer.IsRedirect)
        {
            way.Add(rules.Next(way, answer.Location));
            trace.Add($"redirected to {ValidationTrace.Quote(way[^1].AbsoluteUri)}");
            answer = await fetcher.GetAsync(way[^1], trace, ct);
        }

        // 4. and 5. The body is the key authorization; whitespace at its end SHOULD be ignored.
        if (FindObjection(answer, task, way[^1]) is { } objection) throw new ValidationFailedException(AcmeProblemType.IncorrectResponse, objection);
        return $"{ValidationTrace.Quote(way[^1].AbsoluteUri)} answered with the key authorization.";
    }

    private Uri UrlFor(ValidationTask task)
    {
        var host = task.Identifier.Value.Contains(':') ? $"[{task.Identifier.Value}]" : task.Identifier.Value;
        return new Uri($"http://{host}:{acme.Value.Http01Port}/.well-known/acme-challenge/{task.Token}");
    }

    /// <summary>Never quotes the body: a request that ended where it should not have must not carry anything out.</summary>
    private string? FindObjection(HttpAnswer answer, ValidationTask task, Uri url)
    {
        var asked = ValidationTrace.Quote(url.AbsoluteUri);
        if (answer.Status != 200) return $"{asked} answered with status {answer.Status} instead of 200. The key authorization has to be served there.";
        if (answer.Body is not { } body) return $"{asked} answered with more than {acme.Value.Validation.MaxBodyBytes} octets, which is not the key authorization.";
        var shown = body.TrimEnd();
        if (shown == task.KeyAuthorization) return null;
        if (shown.Length == 0) return $"{asked} answered with an empty body. The key authorization has to be served there.";
        if (shown.TrimStart().StartsWith('<')) return $"{asked} answered with a web page instead of the key authorization. Check which site of the web server answers for this name.";
        return shown.StartsWith($"{task.Token}.", StringComparison.Ordinal)
            ? $"{asked} answered with this challenge's token and another account's thumbprint. Serve the key authorization of the account that ordered."
            : $"{asked} answered with {body.Length} octets that are not the key authorization.";
    }
}
