namespace StarPortal.Core.MyProxy;

/// <summary>What a client gets that logs on.</summary>
public abstract record LogonDecision
{
    private LogonDecision()
    {
    }

    /// <summary>A proxy certificate of this; the caller disposes of it.</summary>
    public sealed record Open(UnlockedCredential Credential) : LogonDecision;

    /// <summary>The client has to prove first that it holds a proxy of that name.</summary>
    public sealed record Challenge(RenewalChallenge Proof) : LogonDecision;
}

/// <summary>What a renewer has to sign by the proxy that is to be renewed.</summary>
/// <param name="Text">Random, in hex.</param>
public sealed record RenewalChallenge(CredentialKey Key, MyProxyClient Client, string Text);
