namespace StarPortal.Web.Hosting.Access;

/// <summary>Where to go after signing in: only ever to a page of this portal.</summary>
public static class LocalUrl
{
    /// <returns><paramref name="url"/> when it is a path of ours, otherwise the start page.</returns>
    public static string Of(string? url) =>
        url is ['/', ..] && url is not ['/', '/' or '\\', ..] && !url.Any(char.IsControl) ? url : "/";
}
