namespace StarPortal.Core.MyProxy;

/// <summary>What the server waits for, or has just got.</summary>
internal enum ConversationState
{
    /// <summary>The request is here.</summary>
    Asked,

    /// <summary>The client has to sign a challenge.</summary>
    Challenged,

    /// <summary>The client's PKCS#10 request comes next.</summary>
    AwaitingSigningRequest,

    /// <summary>The proxy that the client signed comes next, and what stands above it.</summary>
    AwaitingChain,

    /// <summary>A credential in PEM comes next.</summary>
    AwaitingCredential,

    Over,
}
