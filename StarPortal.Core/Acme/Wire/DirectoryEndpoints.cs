using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace StarPortal.Core.Acme;

/// <summary>What anybody may read: the directory (RFC 8555 7.1.1) and fresh nonces (7.2).</summary>
internal static class DirectoryEndpoints
{
    private static readonly string[] Fillers = ["keep-an-open-mind", "unknown-members-are-fine", "ignore-this", "more-may-come", "a-random-member"];

    public static IResult GetDirectory(HttpContext http, IOptions<AcmeOptions> options, IEnumerable<IDirectoryMeta> metas)
    {
        var body = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(body)) Write(json, http.Features.GetRequiredFeature<AcmeLinks>(), options.Value, metas);
        return Results.Bytes(body.WrittenMemory, "application/json");
    }

    /// <summary>6.3: POST-as-GET does as well.</summary>
    public static IResult PostDirectory(AcmeRequest request, HttpContext http, IOptions<AcmeOptions> options, IEnumerable<IDirectoryMeta> metas)
    {
        request.RequirePostAsGet();
        return GetDirectory(http, options, metas);
    }

    /// <summary>200 to HEAD and 204 to GET.</summary>
    public static IResult GetNonce(HttpContext http, AcmeNonces nonces)
    {
        http.Response.Headers["Replay-Nonce"] = nonces.Issue();
        return http.Features.Get<AskedByHead>() is null ? Results.NoContent() : Results.Ok();
    }

    public static IResult PostNonce(AcmeRequest request)
    {
        request.RequirePostAsGet();
        return Results.NoContent();
    }

    private static void Write(Utf8JsonWriter json, AcmeLinks links, AcmeOptions options, IEnumerable<IDirectoryMeta> metas)
    {
        json.WriteStartObject();
        json.WriteString("newNonce"u8, links.NewNonce);
        json.WriteString("newAccount"u8, links.NewAccount);
        json.WriteString("newOrder"u8, links.NewOrder);
        json.WriteString("newAuthz"u8, links.NewAuthorization);
        json.WriteString("revokeCert"u8, links.RevokeCertificate);
        json.WriteString("keyChange"u8, links.KeyChange);
        json.WriteString("renewalInfo"u8, links.RenewalInfo);
        // A member that no client knows, so that clients stay tolerant of those that come later.
        json.WriteString($"{Fillers[RandomNumberGenerator.GetInt32(Fillers.Length)]}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}", links.Directory);
        WriteMeta(json, links, options, metas);
        json.WriteEndObject();
    }

    private static void WriteMeta(Utf8JsonWriter json, AcmeLinks links, AcmeOptions options, IEnumerable<IDirectoryMeta> metas)
    {
        json.WriteStartObject("meta"u8);
        if (options.TermsOfService is { } terms) json.WriteString("termsOfService"u8, terms);
        json.WriteString("website"u8, options.Website ?? links.PortalUrl + "/");
        json.WriteStartArray("caaIdentities"u8);
        foreach (var identity in options.CaaIdentities is [] ? [new Uri(links.PortalUrl).Host] : options.CaaIdentities) json.WriteStringValue(identity);
        json.WriteEndArray();
        json.WriteBoolean("externalAccountRequired"u8, options.ExternalAccountRequired);
        json.WriteBoolean("allow-certificate-get"u8, true); // RFC 9115 2.3.5
        foreach (var meta in metas) meta.Write(json);
        json.WriteEndObject();
    }
}
