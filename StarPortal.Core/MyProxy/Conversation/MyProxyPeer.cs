namespace StarPortal.Core.MyProxy;

/// <summary>Who is there, and if it came with a certificate that counts for nothing, why.</summary>
internal sealed record MyProxyPeer(MyProxyClient Client, string? Objection);
