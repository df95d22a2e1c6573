namespace StarPortal.Core.MyProxy;

/// <summary>Who put a credential into the repository.</summary>
public enum CredentialOrigin
{
    /// <summary>The portal, as it issued the certificate.</summary>
    Portal,

    /// <summary>A client, by PUT or STORE.</summary>
    Client,

    /// <summary>An administrator, from the directory of a genuine server.</summary>
    Import,

    /// <summary>Another portal, of which it is a copy.</summary>
    Mirror,
}
