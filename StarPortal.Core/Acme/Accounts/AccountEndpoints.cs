using Microsoft.AspNetCore.Http;

namespace StarPortal.Core.Acme;

/// <summary>Doors of RFC 8555 7.3.</summary>
internal static class AccountEndpoints
{
    /// <summary>7.3, 7.3.1: 201 for a new account, 200 for the one that has the key.</summary>
    public static async Task<IResult> NewAccountAsync(AcmeRequest request, HttpContext http, AcmeAccountService accounts, CancellationToken ct)
    {
        var (account, isNew) = await accounts.CreateOrFindAsync(request.Read(AccountJsonContext.Default.AccountInputJson), request, ct);
        http.Response.Headers.Location = request.Links.Account(account.Id);
        return Answer(account, request, isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    /// <summary>7.3.2, 7.3.3, 7.3.6: reads, changes, agrees or deactivates.</summary>
    public static async Task<IResult> UpdateAsync(string id, AcmeRequest request, AcmeAccountService accounts, CancellationToken ct)
    {
        RequireOwn(id, request);
        if (request.IsPostAsGet) return Answer(request.Signer, request);
        return Answer(await accounts.UpdateAsync(request.Read(AccountJsonContext.Default.AccountInputJson), request, ct), request);
    }

    /// <summary>7.1.2.1: with a link to the next page as long as there is one.</summary>
    public static async Task<IResult> OrdersAsync(string id, string? cursor, AcmeRequest request, HttpContext http, AccountOrders orders, CancellationToken ct)
    {
        RequireOwn(id, request);
        request.RequirePostAsGet();
        var page = await orders.ListAsync(request.Signer.Id, cursor, ct);
        if (page.Next is { } next) http.Response.Headers.Append("Link", $"<{request.Links.Orders(request.Signer.Id, next)}>;rel=\"next\"");
        return Results.Json(new OrdersJson { Orders = [.. page.OrderIds.Select(request.Links.Order)] }, AccountJsonContext.Default.OrdersJson, "application/json");
    }

    /// <summary>7.3.5.</summary>
    public static async Task<IResult> ChangeKeyAsync(AcmeRequest request, KeyChangeService keys, CancellationToken ct) => Answer(await keys.ChangeAsync(request, ct), request);

    /// <summary>An account sees itself only, and not whether another one is there.</summary>
    internal static void RequireOwn(string id, AcmeRequest request)
    {
        if (!AcmeLinks.TryParseId(id, out var parsed) || parsed != request.Signer.Id) throw AcmeErrors.NotFound();
    }

    private static IResult Answer(AcmeAccount account, AcmeRequest request, int status = StatusCodes.Status200OK) =>
        Results.Json(AccountJson.Of(account, request.Links), AccountJsonContext.Default.AccountJson, "application/json", status);
}
