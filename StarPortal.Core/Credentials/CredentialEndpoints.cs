using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using StarPortal.Core.Authority;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Credentials;

/// <summary>
/// The files of <c>/account/certificates/{serial}</c>. The certificate is a link; the key is a form with antiforgery token and passphrase.
/// A failed form goes back to its page with a word that says what to show there, so that nothing sent is ever echoed.
/// </summary>
public static class CredentialEndpoints
{
    public static void MapCredentials(this IEndpointRouteBuilder endpoints)
    {
        var own = endpoints.MapGroup("/account/certificates/{serial}").RequireAuthorization();
        own.MapGet("/certificate.pem", (string serial, HttpContext http, Actors actors, DownloadService downloads, CancellationToken ct) =>
            GetCertificateAsync(serial, withChain: false, http, actors, downloads, ct));
        own.MapGet("/chain.pem", (string serial, HttpContext http, Actors actors, DownloadService downloads, CancellationToken ct) =>
            GetCertificateAsync(serial, withChain: true, http, actors, downloads, ct));
        own.MapPost("/download", PostDownloadAsync);
    }

    private static async Task<Results<FileContentHttpResult, NotFound>> GetCertificateAsync(
        string serial, bool withChain, HttpContext http, Actors actors, DownloadService downloads, CancellationToken ct)
    {
        if (!SerialNumber.TryParse(serial, out var number)) return TypedResults.NotFound();
        try
        {
            return File(http, await downloads.GetCertificateAsync(number, withChain, await ActorOf(http, actors, ct), ct));
        }
        catch (ServiceException error) when (error.Kind is ErrorKind.NotFound)
        {
            return TypedResults.NotFound();
        }
    }

    private static async Task<Results<FileContentHttpResult, RedirectHttpResult, NotFound>> PostDownloadAsync(
        string serial, [FromForm] DownloadUse use, [FromForm] string? passphrase, HttpContext http, Actors actors, DownloadService downloads, CancellationToken ct)
    {
        if (!SerialNumber.TryParse(serial, out var number)) return TypedResults.NotFound();
        try
        {
            return File(http, await downloads.GetKeyAsync(number, use, passphrase, await ActorOf(http, actors, ct), ct));
        }
        catch (ServiceException error) when (error.Kind is ErrorKind.NotFound)
        {
            return TypedResults.NotFound();
        }
        catch (ServiceException error)
        {
            return TypedResults.LocalRedirect($"/account/certificates/{number}?use={use}&problem={DownloadProblems.Of(error, passphrase)}#passphrase");
        }
    }

    private static FileContentHttpResult File(HttpContext http, DownloadFile file)
    {
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.File(file.Content, file.ContentType, file.Name);
    }

    private static Task<Actor> ActorOf(HttpContext http, Actors actors, CancellationToken ct) =>
        actors.ResolveAsync(http.User, http.Connection.RemoteIpAddress?.ToString(), ct);
}
