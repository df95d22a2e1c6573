namespace StarPortal.Core.Acme;

/// <summary>Where an http-01 validation may be sent on to (RFC 8555 8.3, 10.2, 10.4). Addresses are the guard's business, afterwards.</summary>
/// <param name="Ports">Ports that may be connected to.</param>
internal sealed record RedirectRules(int MaxRedirects, IReadOnlySet<int> Ports)
{
    private const int MaxLength = 2048;

    /// <summary>The next URL, which is checked against the way so far.</summary>
    /// <param name="way">All URLs asked up to now; the last one answered with the redirect.</param>
    /// <param name="location">Its <c>Location</c>, which may be relative.</param>
    /// <exception cref="ValidationFailedException">Not followed.</exception>
    public Uri Next(IReadOnlyList<Uri> way, string? location)
    {
        if (string.IsNullOrWhiteSpace(location)) throw Refused(way, "a redirect without a Location");
        if (location.Length > MaxLength) throw Refused(way, $"a redirect to a URL of more than {MaxLength} characters");
        if (!Uri.TryCreate(way[^1], location.Trim(), out var next)) throw Refused(way, "a redirect to something that is not a URL");

        var shown = ValidationTrace.Quote(next.AbsoluteUri);
        if (next.Scheme is not ("http" or "https")) throw Refused(way, $"a redirect to {ValidationTrace.Quote(next.Scheme, 20)}:, and only http and https are followed");
        if (next.UserInfo.Length > 0) throw Refused(way, "a redirect to a URL with a user name");
        if (next.Host.Length == 0) throw Refused(way, "a redirect to a URL without a host");
        if (!Ports.Contains(next.Port)) throw Refused(way, $"a redirect to port {next.Port}, and only the ports {string.Join(", ", Ports.Order())} are connected to");
        if (way.Any(asked => Uri.Compare(asked, next, UriComponents.HttpRequestUrl, UriFormat.UriEscaped, StringComparison.Ordinal) == 0))
            throw Refused(way, $"a redirect to {shown}, where it had been before: it goes in a circle");
        if (way.Count > MaxRedirects) throw Refused(way, $"one redirect after another; {MaxRedirects} are followed");
        return next;
    }

    private static ValidationFailedException Refused(IReadOnlyList<Uri> way, string what) =>
        new(AcmeProblemType.IncorrectResponse, $"{ValidationTrace.Quote(way[^1].AbsoluteUri)} answered with {what}. Serve the key authorization there, or redirect to where it is.");
}
