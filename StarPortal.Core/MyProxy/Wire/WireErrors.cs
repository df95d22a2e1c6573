using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>What is wrong with the bytes themselves.</summary>
public static partial class MyProxyErrors
{
    internal static ServiceException UnknownVersion() => new(ErrorKind.Invalid, "Invalid version number received.");

    internal static ServiceException UnknownCommand() => new(ErrorKind.Invalid, "UNKNOWN command in request.");

    internal static ServiceException InvalidUserName() => new(ErrorKind.Invalid, "Invalid username received.");

    /// <param name="limit">In bytes.</param>
    internal static ServiceException TooLarge(int limit) => new(ErrorKind.Invalid, $"Error in myproxy_recv_ex()\nThe message is too large: {limit} bytes are allowed.");

    internal static ServiceException CutOff() => new(ErrorKind.Invalid, "The message ends before it is complete.");

    internal static ServiceException NotSigningRequest() => new(ErrorKind.Invalid, "Unable to delegate credentials.\nThe certificate request is not in DER form.");

    internal static ServiceException NotChain(string why) => new(ErrorKind.Invalid, $"Failed to accept credentials.\n{why}");

    internal static ServiceException NoAuthorization(string why) => new(ErrorKind.Unauthenticated, $"authentication failed\n{why}");

    internal static ServiceException Idle() => new(ErrorKind.Invalid, "The connection was idle for too long.");

    internal static ServiceException Slow() => new(ErrorKind.Invalid, "The request took too long.");
}
