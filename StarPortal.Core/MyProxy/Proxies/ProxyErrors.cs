using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>What goes wrong with proxies: the genuine server's line, and one that says why.</summary>
public static class ProxyErrors
{
    /// <summary>No proxy is issued.</summary>
    public static ServiceException CannotDelegate(string reason) => new(ErrorKind.Invalid, $"Unable to delegate credentials.\n{reason}");

    /// <summary>The client's chain says nothing that could be believed.</summary>
    public static ServiceException UnusableChain(string reason) => new(ErrorKind.Unauthenticated, $"authentication failed\n{reason}");
}
