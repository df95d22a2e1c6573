namespace StarPortal.Core.MyProxy;

/// <summary>The commands of MyProxy v2, by their number on the wire.</summary>
public enum MyProxyCommand
{
    Get = 0,
    Put = 1,
    Info = 2,
    Destroy = 3,
    ChangePassphrase = 4,
    Store = 5,
    Retrieve = 6,
    GetTrustRoots = 7,
}
