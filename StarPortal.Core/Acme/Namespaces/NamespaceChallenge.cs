namespace StarPortal.Core.Acme;

/// <summary>What an order inside a namespace needs.</summary>
public enum NamespaceChallenge
{
    /// <summary>Control of each name is proven by a challenge.</summary>
    Required,

    /// <summary>Authorizations are valid at once (RFC 8555 7.4.1).</summary>
    Waived,
}
