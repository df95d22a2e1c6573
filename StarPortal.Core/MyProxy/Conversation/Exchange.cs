using System.Security.Cryptography;

namespace StarPortal.Core.MyProxy;

/// <summary>One request and what belongs to it. Disposing wipes passphrases and lets go of keys.</summary>
internal sealed class Exchange(IChannel channel, MessageReader reader, MyProxyRequest request, MyProxyClient client) : IDisposable
{
    public MessageReader Reader => reader;

    public MyProxyRequest Request => request;

    public MyProxyClient Client => client;

    /// <summary>What a renewer has to sign.</summary>
    public RenewalChallenge? Challenge { get; set; }

    /// <summary>What the client's proxy is made of.</summary>
    public UnlockedCredential? Credential { get; set; }

    /// <summary>The key of the proxy that the client is to sign.</summary>
    public RSA? Key { get; set; }

    /// <summary>One message.</summary>
    public ValueTask SendAsync(byte[] message, CancellationToken ct) => channel.WriteAsync(message, ct);

    public void Dispose()
    {
        request.Dispose();
        Credential?.Dispose();
        Key?.Dispose();
    }
}
