using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace StarPortal.Core.MyProxy;

/// <summary>
/// The door for other portals' copies. No session, no cookie: each question is signed, and so is its answer. Shut (404) unless <c>MyProxy:Mirror:Accept</c> names somebody.
/// </summary>
public static class MirrorEndpoints
{
    public const string InventoryPath = "/api/v1/mirror/inventory";

    public const string ChangesPath = "/api/v1/mirror/changes";

    public static void MapMyProxy(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost(InventoryPath, InventoryAsync).AsMirrorDoor();
        endpoints.MapPost(ChangesPath, ChangesAsync).AsMirrorDoor();
    }

    private static void AsMirrorDoor(this RouteHandlerBuilder door) =>
        door.AllowAnonymous().DisableAntiforgery().DisableRateLimiting().ExcludeFromDescription().WithMetadata(new RequestSizeLimitAttribute(MirrorJson.MaxQuestion));

    private static Task<IResult> InventoryAsync(HttpContext http, MirrorGate gate, MirrorIntake intake, CancellationToken ct) =>
        AnswerAsync<MirrorInventoryQueryJson, MirrorInventoryJson>(http, gate, InventoryPath, intake.ListAsync, ct);

    private static Task<IResult> ChangesAsync(HttpContext http, MirrorGate gate, MirrorIntake intake, CancellationToken ct) =>
        AnswerAsync<MirrorChangesJson, MirrorResultJson>(http, gate, ChangesPath, intake.ChangeAsync, ct);

    private static async Task<IResult> AnswerAsync<TQuestion, TAnswer>(
        HttpContext http, MirrorGate gate, string path, Func<MirrorSource, TQuestion, CancellationToken, Task<TAnswer>> ask, CancellationToken ct)
    {
        if (gate.IsShut) throw MyProxyErrors.MirrorShut();
        var body = await ReadAsync(http.Request, ct);
        var (source, proof) = await gate.AdmitAsync(http.Request.Headers[MirrorProof.Header], path, body, http.Connection.RemoteIpAddress?.ToString(), ct);
        var answer = JsonSerializer.SerializeToUtf8Bytes(await ask(source, Parse<TQuestion>(body), ct), MirrorJson.Options);
        http.Response.Headers[MirrorProof.Header] = proof.Answer(source.Secret, answer);
        http.Response.Headers.CacheControl = "no-store";
        return Results.Bytes(answer, "application/json");
    }

    /// <summary>Kestrel ends what is longer than the door takes.</summary>
    private static async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, ct);
        return body.ToArray();
    }

    private static T Parse<T>(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(body, MirrorJson.Options) ?? throw MyProxyErrors.MirrorUnreadable();
        }
        catch (JsonException)
        {
            throw MyProxyErrors.MirrorUnreadable();
        }
    }
}
