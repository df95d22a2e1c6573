namespace StarPortal.Core.MyProxy;

/// <summary>The other end broke the rules of TLS, or went away. Never a fault of ours.</summary>
internal sealed class TlsException(string message) : IOException(message);
