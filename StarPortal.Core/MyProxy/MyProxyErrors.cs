using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>What this room expects to go wrong, in the genuine server's words where clients and people know them. Each line of a message is an <c>ERROR=</c> line.</summary>
public static partial class MyProxyErrors
{
    public static ServiceException Malformed() => new(ErrorKind.Invalid, "error parsing request");
}
