namespace StarPortal.Core.Star;

/// <summary>Where a certificate may be fetched: https, or anything on this machine.</summary>
public static class StarUrl
{
    public static bool IsAllowed(Uri url) =>
        url.IsAbsoluteUri && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback));

    /// <summary>A redirect never leads from https to anything less, not even on this machine.</summary>
    public static bool MayLeadTo(Uri from, Uri to) => IsAllowed(to) && (from.Scheme != Uri.UriSchemeHttps || to.Scheme == Uri.UriSchemeHttps);
}
