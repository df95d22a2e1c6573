using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>Whether what a client sent can be logged on to later: better refused now than then.</summary>
public sealed class DepositChecks(CredentialVault vault, CredentialVerifier verifier, IOptions<MyProxyOptions> options, TimeProvider clock)
{
    /// <exception cref="ServiceException">Invalid.</exception>
    internal async Task<CredentialContent> CheckProxyAsync(ReadOnlyMemory<byte> passphrase, MyProxyClient client, RSA key, IReadOnlyList<byte[]> chain, CancellationToken ct)
    {
        var content = CredentialChain.Read(vault.Encrypt(key, passphrase.Span), chain);
        CredentialUses.RequirePair(key, content.Chain[0]);
        if (content.Subject != client.Subject) throw MyProxyErrors.NotAcceptable("The proxy is of another name than the client.");
        return await RequireGoodAsync(content, ct);
    }

    /// <exception cref="ServiceException">Invalid.</exception>
    internal async Task<CredentialContent> CheckStoredAsync(string pem, CancellationToken ct)
    {
        var content = CredentialPem.Read(pem);
        PassphraseRules.RequireAllowed(content.Key.Form, options.Value.AllowPassphraseless);
        return await RequireGoodAsync(content, ct);
    }

    /// <returns>With the chain that was verified.</returns>
    private async Task<CredentialContent> RequireGoodAsync(CredentialContent content, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (content.NotAfter <= now) throw MyProxyErrors.NotValid("certificate has expired");
        if (content.NotAfter - now > options.Value.MaxCredentialLifetime) throw MyProxyErrors.NotAcceptable($"This server keeps credentials of up to {options.Value.MaxCredentialLifetime.Value.TotalHours:0} hours.");
        return CredentialChain.Read(content.Key, await verifier.VerifyAsync(content.Chain, ct));
    }
}
