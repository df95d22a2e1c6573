using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using StarPortal.Core.Authority;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Revocation;

/// <summary>
/// <c>POST /api/v1/revocations</c>: revocation by whoever has the key, from a command line. No session, no cookie: the body is the proof.
/// </summary>
public static class RevocationEndpoints
{
    public static void MapRevocation(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost("/api/v1/revocations", PostAsync).WithTags("Revocation").DisableAntiforgery().WithMetadata(new RequestSizeLimitAttribute(SigningRequest.MaxLength))
            .WithSummary("Revokes a certificate. The body is a PKCS#10 request in PEM, signed by the certificate's own key, whose common name is “revoke” and the serial number in hexadecimal.");

    private static async Task<Ok<RevokedJson>> PostAsync(HttpContext http, KeyHolderRevocation revocation, CancellationToken ct)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.ASCII);
        var visitor = Actor.Anonymous(http.Connection.RemoteIpAddress?.ToString());
        return TypedResults.Ok(new RevokedJson((await revocation.RevokeAsync(await reader.ReadToEndAsync(ct), visitor, ct)).ToString(), "keyCompromise"));
    }
}

/// <param name="SerialNumber">In hexadecimal.</param>
/// <param name="Reason">RFC 5280's name.</param>
internal sealed record RevokedJson(string SerialNumber, string Reason);
