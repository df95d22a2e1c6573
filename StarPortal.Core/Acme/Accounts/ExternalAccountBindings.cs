using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;

namespace StarPortal.Core.Acme;

/// <summary>Verifies the <c>externalAccountBinding</c> of a newAccount request (RFC 8555 7.3.4).</summary>
public sealed class ExternalAccountBindings(ServerKey serverKey, TimeProvider clock)
{
    /// <summary>The credential, tracked by <paramref name="db"/> and with one use more.</summary>
    /// <exception cref="AcmeException">malformed, or unauthorized without saying what exactly is wrong with credential or MAC.</exception>
    public async Task<ExternalAccountKey> UseAsync(PortalDbContext db, JsonElement binding, AcmeRequest outer, CancellationToken ct)
    {
        // 1. The field is a well-formed JWS.
        var jws = JwsReader.Read(Encoding.UTF8.GetBytes(binding.GetRawText()));
        // 2. Its header: a MAC, a kid, no nonce, the URL of the outer JWS.
        RequireHeader(jws.Header, outer);
        var directory = outer.Links.BasePath;
        // 3. The MAC key of the kid.
        var credential = await db.ExternalAccountKeys.SingleOrDefaultAsync(key => key.KeyId == jws.Header.KeyId && key.Directory == directory, ct);
        // 4. The MAC, which is computed for an unknown kid as well.
        var isRight = HasRightMac(jws, credential is null ? [] : Open(credential));
        if (credential is null || !isRight || !credential.IsUsable(clock.GetUtcNow())) throw AcmeAccountErrors.BindingRefused();
        // 5. The payload is the key that signed the outer JWS.
        if (JwkReader.Read(jws.Payload).Thumbprint != outer.Key.Thumbprint) throw AcmeAccountErrors.BadBinding("its payload is another key than the account's.");
        credential.Use(clock.GetUtcNow());
        return credential;
    }

    internal static string PurposeOf(string keyId) => $"acme-eab/{keyId}";

    private static void RequireHeader(JwsHeader header, AcmeRequest outer)
    {
        if (header.Algorithm is not ("HS256" or "HS384" or "HS512")) throw AcmeAccountErrors.BadBinding("alg has to be HS256, HS384 or HS512.");
        if (string.IsNullOrEmpty(header.KeyId) || header.Jwk is not null) throw AcmeAccountErrors.BadBinding("it is signed with a kid, and has no jwk.");
        if (header.Nonce is not null) throw AcmeAccountErrors.BadBinding("it has no nonce.");
        if (header.Url != outer.Url) throw AcmeAccountErrors.BadBinding("its url is the one of the request around it.");
    }

    private byte[] Open(ExternalAccountKey credential) => serverKey.Open(PurposeOf(credential.KeyId), credential.SealedMacKey);

    private static bool HasRightMac(Jws jws, byte[] key) => CryptographicOperations.FixedTimeEquals(jws.Signature.Span, jws.Header.Algorithm switch
    {
        "HS256" => HMACSHA256.HashData(key, jws.SigningInput.Span),
        "HS384" => HMACSHA384.HashData(key, jws.SigningInput.Span),
        _ => HMACSHA512.HashData(key, jws.SigningInput.Span),
    });
}
