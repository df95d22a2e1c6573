using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Delegation;

/// <summary>The seed's own interface: <c>POST /star/registration</c> and the completion URL. Consumers show a token (Basic or bearer) or a client certificate.</summary>
internal static class RegistrationEndpoints
{
    private const string Challenge = "Basic realm=\"registration\", charset=\"UTF-8\"";

    public static void MapRegistration(this IEndpointRouteBuilder endpoints)
    {
        // A credential comes with each request and no cookie counts; limits are the room's own.
        var registration = endpoints.MapGroup("/star").AllowAnonymous().DisableAntiforgery().DisableRateLimiting().WithTags("Delegation");
        registration.MapPost("/registration", RegisterAsync).WithMetadata(new RequestSizeLimitAttribute(AskedRegistration.MaxLength)).Accepts<AskedRegistration>("application/json")
            .WithSummary("Registers a CSR for names that were delegated to the consumer; answers with the completion URL.");
        registration.MapMethods("/registration/{id}", ["GET", "HEAD"], GetAsync).WithSummary("How far a registration is: pending, valid with the URL of the certificate, or failed.");
    }

    private static async Task<IResult> RegisterAsync(HttpContext http, RegistrationService registrations, ConsumerAuthentication authentication, RegistrationPace pace, IOptions<PortalOptions> portal, CancellationToken ct)
    {
        var consumer = await WhoAsync(http, authentication, ct);
        if (!http.Request.HasJsonContentType()) throw new BadHttpRequestException("The Content-Type is application/json.", StatusCodes.Status415UnsupportedMediaType);
        var asked = AskedRegistration.Read(await ReadAsync(http.Request, ct));
        var key = http.Request.Headers["Idempotency-Key"] is [var only] ? only : null;
        var order = await registrations.RegisterAsync(asked, consumer, key, consumer?.Actor ?? Actor.Anonymous(http.Connection.RemoteIpAddress?.ToString()), ct);
        // Who showed a certificate shows it again where it is asked for.
        var path = $"/star/registration/{order.Id:N}";
        http.Response.Headers.Location = http.Connection.ClientCertificate is null ? portal.Value.Link(path) : $"https://{http.Request.Host}{path}";
        return await AnswerAsync(http, order, pace, StatusCodes.Status201Created, ct);
    }

    private static async Task<IResult> GetAsync(HttpContext http, string id, RegistrationService registrations, ConsumerAuthentication authentication, RegistrationPace pace, CancellationToken ct)
    {
        var consumer = await WhoAsync(http, authentication, ct);
        if (!Acme.AcmeLinks.TryParseId(id, out var parsed)) throw DelegationErrors.OrderNotFound();
        return await AnswerAsync(http, await registrations.GetAsync(parsed, consumer, ct), pace, StatusCodes.Status200OK, ct);
    }

    private static async Task<IResult> AnswerAsync(HttpContext http, DelegatedOrder order, RegistrationPace pace, int status, CancellationToken ct)
    {
        var headers = http.Response.Headers;
        headers.CacheControl = "no-store";
        if (await pace.RetryAfterAsync(order, ct) is { } wait)
        {
            headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
            if (wait > 1 && status is StatusCodes.Status200OK) headers.CacheControl = $"private, max-age={wait - 1}";
        }

        return Results.Json(RegistrationJson.Of(order), RegistrationJsonContext.Default.RegistrationJson, "application/json", status);
    }

    /// <returns>Null: no credential was shown.</returns>
    private static async Task<KnownConsumer?> WhoAsync(HttpContext http, ConsumerAuthentication authentication, CancellationToken ct)
    {
        var address = http.Connection.RemoteIpAddress?.ToString();
        try
        {
            if (http.Connection.ClientCertificate is { } certificate) return await authentication.ByCertificateAsync(certificate, address, ct);
            if (http.Request.Headers.Authorization is not [{ Length: > 0 } shown]) return null;
            var (user, token) = Read(shown);
            return await authentication.ByTokenAsync(user, token, address, ct);
        }
        catch (ServiceException refused) when (refused.Kind is ErrorKind.Unauthenticated)
        {
            http.Response.OnStarting(() => // Whoever writes the answer begins with headers of its own.
            {
                http.Response.Headers.WWWAuthenticate = Challenge;
                return Task.CompletedTask;
            });
            throw;
        }
    }

    /// <summary>RFC 7617 or RFC 6750.</summary>
    private static (string? User, string Token) Read(string authorization)
    {
        if (authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return (null, authorization[7..].Trim());
        if (!authorization.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)) throw DelegationErrors.BadCredential();
        Span<byte> octets = stackalloc byte[512];
        if (authorization.Length > 600 || !Convert.TryFromBase64String(authorization[6..].Trim(), octets, out var length)) throw DelegationErrors.BadCredential();
        var pair = Encoding.UTF8.GetString(octets[..length]);
        var colon = pair.IndexOf(':', StringComparison.Ordinal);
        return colon >= 0 ? (pair[..colon], pair[(colon + 1)..]) : throw DelegationErrors.BadCredential();
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, ct); // Bounded by the door's limit.
        return body.ToArray();
    }
}
