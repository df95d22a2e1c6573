namespace StarPortal.Core.Acme;

/// <summary>A mark on a request that was sent as HEAD and is answered as GET: newNonce alone has a status of its own for it (RFC 8555 7.2).</summary>
public sealed class AskedByHead
{
    public static readonly AskedByHead Mark = new();
}
