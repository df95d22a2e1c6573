using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace StarPortal.Core.Acme;

/// <summary>The doors of authorizations and challenges (RFC 8555 7.4.1, 7.5).</summary>
internal static class AuthorizationEndpoints
{
    public static async Task<IResult> NewAuthorization(AcmeRequest request, AuthorizationService authorizations, TimeProvider clock, CancellationToken ct)
    {
        using var payload = PayloadReader.Read(request);
        var authorization = await authorizations.AddAsync(AcmeCaller.Of(request), NewOrderReader.ReadIdentifier(payload.RootElement), ct);
        return Answer(request, authorization, clock, StatusCodes.Status201Created);
    }

    /// <summary>POST-as-GET reads; <c>{"status":"deactivated"}</c> gives up.</summary>
    public static async Task<IResult> Authorization(AcmeRequest request, string authorizationId, AuthorizationService authorizations, TimeProvider clock, CancellationToken ct)
    {
        var id = PayloadReader.Id(authorizationId);
        if (request.IsPostAsGet) return Answer(request, await authorizations.PollAsync(request.Signer, id, ct), clock, StatusCodes.Status200OK);
        using var payload = PayloadReader.Read(request);
        RequireDeactivation(payload.RootElement);
        return Answer(request, await authorizations.DeactivateAsync(AcmeCaller.Of(request), id, ct), clock, StatusCodes.Status200OK);
    }

    /// <summary>POST-as-GET reads; an object, empty today, says that the client is prepared.</summary>
    public static async Task<IResult> Challenge(AcmeRequest request, string challengeId, ChallengeService challenges, TimeProvider clock, CancellationToken ct)
    {
        if (!Challenges.TryReadId(PayloadReader.Id(challengeId), out var id, out var type)) throw AcmeErrors.NotFound();
        if (!request.IsPostAsGet) PayloadReader.Read(request).Dispose();
        var authorization = request.IsPostAsGet
            ? await challenges.PollAsync(request.Signer, id, type, ct)
            : await challenges.RespondAsync(AcmeCaller.Of(request), id, type, ct);
        var now = clock.GetUtcNow();
        return new OrderAnswer(StatusCodes.Status200OK, json => OrderJson.WriteChallenge(json, authorization, type, request.Links, now))
        {
            Location = request.Links.Challenge(Challenges.IdOf(id, type)), Up = request.Links.Authorization(id), RetryAfter = WaitOf(authorization, now),
        };
    }

    private static void RequireDeactivation(JsonElement payload)
    {
        if (!payload.TryGetProperty("status", out var status) || status.ValueKind is not JsonValueKind.String || !status.ValueEquals("deactivated"))
            throw AcmeErrors.Malformed("An authorization can be read (empty payload) or deactivated (status \"deactivated\").");
    }

    private static OrderAnswer Answer(AcmeRequest request, AcmeAuthorization authorization, TimeProvider clock, int status)
    {
        var now = clock.GetUtcNow();
        return new OrderAnswer(status, json => OrderJson.Write(json, authorization, request.Links, now))
        {
            Location = status is StatusCodes.Status201Created ? request.Links.Authorization(authorization.Id) : null, RetryAfter = WaitOf(authorization, now),
        };
    }

    /// <summary>RFC 8555 8.2: a time after the next attempt.</summary>
    private static TimeSpan? WaitOf(AcmeAuthorization authorization, DateTimeOffset now) =>
        !authorization.IsProcessing ? null : authorization.DueAt > now ? authorization.DueAt.Value - now + TimeSpan.FromSeconds(1) : TimeSpan.FromSeconds(1);
}
