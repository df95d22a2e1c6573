using StarPortal.Core.Star;

namespace StarPortal.Core.Delegation;

/// <summary>
/// Which URLs of an upstream's answers are asked: https, of the directory's own host and port. Those of other hosts only where the administrator allows it,
/// and then only at addresses that pass the guard. So an upstream cannot use the portal to reach what only the portal reaches.
/// </summary>
internal sealed class UpstreamUrls(UpstreamServer server)
{
    private const int MaxLength = 2000;

    public bool IsOwnHost(string host, int port) => port == server.Directory.Port && host.Equals(server.Directory.IdnHost, StringComparison.OrdinalIgnoreCase);

    /// <param name="from">Where the answer came from.</param>
    /// <param name="text">What it named: absolute, or relative to that.</param>
    /// <param name="what">For the owner.</param>
    /// <exception cref="UpstreamException">Nonsense: not a URL that is asked.</exception>
    public Uri Require(Uri from, string text, string what)
    {
        if (text.Length > MaxLength || !Uri.TryCreate(from, text, out var url)) throw UpstreamErrors.Nonsense($"{what} is not a URL.");
        Require(url, what);
        return url;
    }

    /// <exception cref="UpstreamException">Nonsense: not a URL that is asked.</exception>
    public void Require(Uri url, string what)
    {
        var isScheme = url.IsAbsoluteUri && (url.Scheme == Uri.UriSchemeHttps || (server.AllowsPlainHttp && url.Scheme == Uri.UriSchemeHttp));
        if (!isScheme || url.UserInfo.Length > 0 || url.Fragment.Length > 0) throw UpstreamErrors.Nonsense($"{what} ({PlainText.Of(url.OriginalString)}) is not an https URL.");
        if (!server.AllowsOtherHosts && !IsOwnHost(url.IdnHost, url.Port)) throw UpstreamErrors.Nonsense($"{what} leads to {PlainText.Of(url.Authority)}, and this upstream may only name URLs of {server.Directory.Authority}.");
    }
}
