using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Acme;

/// <summary>Authenticates a request by its JWS (RFC 8555 6.2 to 6.5). Whatever is wrong is an <see cref="AcmeException"/>.</summary>
internal sealed class AcmeAuthenticator(AcmeNonces nonces, AccountCache accounts, IOptions<AcmeOptions> options)
{
    private const string MediaType = "application/jose+json";

    public static async ValueTask<AcmeRequest?> BindAsync(HttpContext http)
    {
        var signer = http.GetEndpoint()?.Metadata.GetMetadata<AcmeSignerMetadata>()
            ?? throw new InvalidOperationException($"{http.Request.Path} does not say in the route table who signs what is sent there.");
        return await http.RequestServices.GetRequiredService<AcmeAuthenticator>().AuthenticateAsync(http, signer, http.RequestAborted);
    }

    private async Task<AcmeRequest> AuthenticateAsync(HttpContext http, AcmeSignerMetadata door, CancellationToken ct)
    {
        var links = http.Features.GetRequiredFeature<AcmeLinks>();
        // 6.2: the content type, else 415.
        if (!IsJose(http.Request.ContentType)) throw AcmeErrors.UnsupportedMediaType();
        // 6.2: a flattened JWS with one signature, which JwsReader sees to.
        var jws = JwsReader.Read(await ReadBodyAsync(http.Request, ct));
        // 6.5: a nonce that appeared is used up, whatever else is wrong.
        await nonces.RedeemAsync(jws.Header.Nonce);
        // 6.2: neither none nor a MAC.
        JwsAlgorithm.Get(jws.Header.Algorithm);
        // 6.4: made for this URL.
        var url = links.Of(http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        if (jws.Header.Url is null) throw AcmeErrors.Malformed("The protected header has no url.");
        if (!string.Equals(jws.Header.Url, url, StringComparison.Ordinal)) throw AcmeErrors.WrongUrl(url);
        // 6.2: exactly one of jwk and kid, by the resource.
        var byKey = IsByKey(jws.Header, door.Signer);

        var known = byKey ? null : await FindAsync(jws.Header.KeyId, links, ct);
        var key = known?.Key ?? jws.ReadKey();
        jws.Verify(key);
        // 7.3.6: after the signature, so that nobody else learns how an account stands.
        known?.Account.RequireValid();
        if (known is not null && !door.EvenWithOldTerms) RequireCurrentTerms(known.Account);
        return Accept(http, jws, url, key, known, links);
    }

    private static AcmeRequest Accept(HttpContext http, Jws jws, string url, AcmeJwk key, KnownAccount? known, AcmeLinks links) => new()
    {
        Account = known?.Account,
        Binding = known?.Binding,
        Key = key,
        Payload = jws.Payload,
        Url = url,
        Actor = new Actor(null, known is null ? "acme" : $"acme:{known.Account.Id:N}", []) { Address = http.Connection.RemoteIpAddress?.ToString() },
        Links = links,
        UserAgent = http.Request.Headers.UserAgent.ToString() is { Length: > 0 } agent ? agent : null,
    };

    private static bool IsByKey(JwsHeader header, AcmeSigner signer)
    {
        if (header.Jwk is not null && header.KeyId is not null) throw AcmeErrors.Malformed("The protected header has both jwk and kid (RFC 8555 6.2).");
        if (header.Jwk is null && header.KeyId is null) throw AcmeErrors.Malformed("The protected header has neither jwk nor kid (RFC 8555 6.2).");
        var byKey = header.Jwk is not null;
        return signer switch
        {
            AcmeSigner.Account when byKey => throw AcmeErrors.Malformed("This request is signed by an account: kid, not jwk."),
            AcmeSigner.Key when !byKey => throw AcmeErrors.Malformed("This request is signed by a key: jwk, not kid."),
            AcmeSigner.Account or AcmeSigner.Key or AcmeSigner.AccountOrKey => byKey,
        };
    }

    private async ValueTask<KnownAccount> FindAsync(string? keyId, AcmeLinks links, CancellationToken ct) =>
        links.TryParseAccount(keyId, out var id) && await accounts.FindAsync(id, ct) is { } known && known.Account.Directory == links.BasePath ? known : throw AcmeAccountErrors.Unknown();

    /// <summary>RFC 8555 7.3.3.</summary>
    private void RequireCurrentTerms(AcmeAccount account)
    {
        if (options.Value is { ChangedTermsNeedAgreement: true, TermsOfService: { } terms } && account.AgreedTerms != terms) throw AcmeAccountErrors.TermsChanged(terms);
    }

    private static bool IsJose(string? contentType) =>
        string.Equals(contentType, MediaType, StringComparison.OrdinalIgnoreCase)
        || (MediaTypeHeaderValue.TryParse(contentType, out var type) && type.MediaType.Equals(MediaType, StringComparison.OrdinalIgnoreCase));

    private static async Task<byte[]> ReadBodyAsync(HttpRequest request, CancellationToken ct)
    {
        if (request.ContentLength > JwsReader.MaxLength) throw AcmeErrors.TooLarge();
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(ct);
            if (read.Buffer.Length > JwsReader.MaxLength) throw AcmeErrors.TooLarge();
            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return body;
            }

            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
