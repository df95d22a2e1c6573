using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>What goes wrong with copies and second sites.</summary>
public static partial class MyProxyErrors
{
    // Whoever has a copy

    public static ServiceException IsCopy() => new(ErrorKind.Conflict, "This credential is a copy.\nChange it where it comes from: the copy follows.");

    // The portal that takes copies

    public static ServiceException MirrorShut() => new(ErrorKind.NotFound, "There is nothing here.");

    /// <summary>Also for a name that nobody knows.</summary>
    public static ServiceException MirrorUnknown() => new(ErrorKind.Unauthenticated, "This is not signed by a portal whose copies are taken here.");

    public static ServiceException MirrorStale(TimeSpan tolerance) =>
        new(ErrorKind.Forbidden, $"The clocks of the two portals differ by more than {tolerance.TotalMinutes:0} minutes. Set them right.");

    public static ServiceException MirrorReplayed() => new(ErrorKind.Conflict, "This has been said before.");

    public static ServiceException MirrorUnreadable() => new(ErrorKind.Invalid, "This is not a question as agreed: the two portals may be of different versions.");

    public static ServiceException BadCopy(string why) => new(ErrorKind.Invalid, $"The copy can't be used: {why}");

    public static ServiceException NotACopyOf() => new(ErrorKind.Conflict, "The portal there has a credential of its own under this name, or another portal's.");

    public static ServiceException TooManyCopies(int limit) => new(ErrorKind.TooMany, $"The portal there keeps {limit} copies for this one at most (MyProxy:Mirror:Accept).");

    // The portal that sends them

    public static ServiceException SiteFailed(string why) => new(ErrorKind.Unavailable, why);

    public static ServiceException SitesFailed(string summary) => new(ErrorKind.Unavailable, summary);

    public static ServiceException SiteLater(string why, TimeSpan wait) => new(ErrorKind.TooMany, why) { RetryAfter = wait };

    public static ServiceException DirectoryBusy(string path) => new(ErrorKind.Conflict, $"{path}: it is being written by another run. Try again.");
}
