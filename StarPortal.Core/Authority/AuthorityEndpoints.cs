using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace StarPortal.Core.Authority;

/// <summary>What certificates point to. Public, read by machines, over plain HTTP as well as HTTPS: everything here is signed.</summary>
public static class AuthorityEndpoints
{
    private const string OcspPath = "/pki/ocsp/";

    private static readonly TimeSpan CertificateFreshness = TimeSpan.FromHours(1);
    private static readonly TimeSpan CrlFreshness = TimeSpan.FromMinutes(5);

    public static IEndpointRouteBuilder MapAuthority(this IEndpointRouteBuilder endpoints)
    {
        var pki = endpoints.MapGroup("/pki").AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
        pki.MapMethods("/{issuer}.cer", ["GET", "HEAD"], GetCertificate);
        pki.MapMethods("/{issuer}.pem", ["GET", "HEAD"], GetPem);
        pki.MapMethods("/crl/{issuer}.crl", ["GET", "HEAD"], GetCrlAsync);
        pki.MapPost("/ocsp", PostOcspAsync);
        pki.MapGet("/ocsp/{**request}", GetOcspAsync);
        return endpoints;
    }

    /// <summary>RFC 5280 4.2.2.1: a single DER certificate, application/pkix-cert (RFC 2585).</summary>
    private static IResult GetCertificate(string issuer, Issuers issuers, HttpContext http) =>
        issuers.Find(issuer) is { } found ? Certificate(http, found, found.Certificate.RawData, "application/pkix-cert") : Results.NotFound();

    private static IResult GetPem(string issuer, Issuers issuers, HttpContext http) =>
        issuers.Find(issuer) is { } found
            ? Certificate(http, found, Encoding.ASCII.GetBytes(found.Certificate.ExportCertificatePem() + "\n"), "application/x-pem-file")
            : Results.NotFound();

    /// <summary>RFC 2585 4: application/pkix-crl.</summary>
    private static async Task<IResult> GetCrlAsync(string issuer, CrlShelf shelf, HttpContext http, TimeProvider clock, CancellationToken ct)
    {
        if (await shelf.FindAsync(issuer, ct) is not { } crl) return Results.NotFound();
        var left = crl.NextUpdate - clock.GetUtcNow();
        KeepFor(http, left < CrlFreshness ? left : CrlFreshness);
        return Results.Bytes(crl.Der, "application/pkix-crl", lastModified: crl.ThisUpdate, entityTag: new EntityTagHeaderValue($"\"{issuer}-{crl.Number}\""));
    }

    /// <summary>RFC 6960 A.1.</summary>
    private static async Task<IResult> PostOcspAsync(OcspResponder responder, HttpContext http, CancellationToken ct)
    {
        if (http.Request.ContentLength > OcspResponder.MaxRequestLength) return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
        var body = new byte[OcspResponder.MaxRequestLength + 1];
        var length = await http.Request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, ct);
        if (length == body.Length) return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
        var answer = await responder.RespondAsync(body.AsMemory(0, length), ct);
        http.Response.Headers.CacheControl = "no-store";
        return Ocsp(answer);
    }

    /// <summary>RFC 6960 A.1.1 and RFC 5019 5: the request's base64, percent-encoded, behind the responder's URL.</summary>
    private static async Task<IResult> GetOcspAsync(OcspResponder responder, HttpContext http, TimeProvider clock, CancellationToken ct)
    {
        var request = Decode(http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        var answer = request is null ? OcspResponder.Refuse(OcspStatus.MalformedRequest) : await responder.RespondAsync(request, ct);
        if (answer.FreshUntil is { } until) KeepFor(http, until - clock.GetUtcNow());
        else http.Response.Headers.CacheControl = "no-store";
        return Ocsp(answer);
    }

    /// <summary>From the request line itself: routing has taken the percent-encoding of some characters away, and not of others.</summary>
    private static byte[]? Decode(string target)
    {
        var start = target.IndexOf(OcspPath, StringComparison.Ordinal);
        if (start < 0 || target.Length > 3 * OcspResponder.MaxRequestLength) return null;
        var base64 = Uri.UnescapeDataString(target[(start + OcspPath.Length)..]);
        var buffer = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, buffer, out var written) && written > 0 ? buffer[..written] : null;
    }

    private static IResult Ocsp(OcspAnswer answer) => Results.Bytes(answer.Der, "application/ocsp-response", lastModified: answer.ProducedAt,
        entityTag: answer.ProducedAt is null ? null : new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(answer.Der))}\""));

    private static IResult Certificate(HttpContext http, Issuer issuer, byte[] content, string type)
    {
        KeepFor(http, CertificateFreshness);
        return Results.Bytes(content, type, entityTag: new EntityTagHeaderValue($"\"{issuer.Certificate.Thumbprint.ToLowerInvariant()}\""));
    }

    private static void KeepFor(HttpContext http, TimeSpan time)
    {
        var seconds = Math.Max(0, (long)time.TotalSeconds);
        http.Response.Headers.CacheControl = string.Create(CultureInfo.InvariantCulture, $"max-age={seconds}, public, no-transform, must-revalidate");
        http.Response.Headers.Expires = (http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow() + TimeSpan.FromSeconds(seconds)).ToString("R", CultureInfo.InvariantCulture);
    }
}
