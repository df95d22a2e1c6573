using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Acme;
using StarPortal.Core.Data;
using StarPortal.Core.Star;

namespace StarPortal.Core.Delegation;

/// <summary>The route table of the delegation directory (RFC 9115): as in <see cref="AcmeEndpoints"/>, each line says who signs.</summary>
internal static class DelegationServerEndpoints
{
    private static readonly TimeSpan PollAgain = TimeSpan.FromSeconds(2);

    public static void MapDelegationServer(this IEndpointRouteBuilder endpoints)
    {
        var acme = endpoints.MapGroup(DelegationDirectory.Path).AllowAnonymous().DisableAntiforgery().DisableRateLimiting().ExcludeFromDescription();
        acme.MapMethods("/directory", ["GET", "HEAD"], GetDirectory);
        acme.MapPost("/directory", PostDirectory).SignedBy(AcmeSigner.Account);
        acme.MapMethods("/new-nonce", ["GET", "HEAD"], DirectoryEndpoints.GetNonce);
        acme.MapPost("/new-nonce", DirectoryEndpoints.PostNonce).SignedBy(AcmeSigner.Account);
        acme.MapPost("/new-account", NewAccountAsync).SignedBy(AcmeSigner.Key);
        acme.MapPost("/account/{id}", UpdateAccountAsync).SignedBy(AcmeSigner.Account);
        acme.MapPost("/account/{id}/orders", OrdersAsync).SignedBy(AcmeSigner.Account);
        acme.MapPost("/account/{id}/delegations", DelegationsAsync).SignedBy(AcmeSigner.Account); // RFC 9115 2.3.1.2
        acme.MapPost("/key-change", ChangeKeyAsync).SignedBy(AcmeSigner.Account);
        acme.MapPost("/delegation/{id}", DelegationAsync).SignedBy(AcmeSigner.Account); // 2.3.1.3
        acme.MapPost("/new-order", NewOrderAsync).SignedBy(AcmeSigner.Account); // 2.3.2
        acme.MapPost("/order/{id}", OrderAsync).SignedBy(AcmeSigner.Account);
        acme.MapPost("/order/{id}/finalize", FinalizeAsync).SignedBy(AcmeSigner.Account);
        acme.MapMethods("/star/{id}", ["GET", "HEAD"], CertificateAsync); // RFC 8739 3.4: anybody who knows the URL
    }

    private static IResult GetDirectory(DelegationDirectory directory, IOptions<StarOptions> star)
    {
        var body = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(body)) DelegationJson.WriteDirectory(json, directory, star.Value);
        return Results.Bytes(body.WrittenMemory, "application/json");
    }

    private static IResult PostDirectory(AcmeRequest request, DelegationDirectory directory, IOptions<StarOptions> star)
    {
        request.RequirePostAsGet();
        return GetDirectory(directory, star);
    }

    /// <summary>RFC 9115 2.1: who the consumer is was settled beforehand, which its external account key says.</summary>
    private static async Task<IResult> NewAccountAsync(AcmeRequest request, HttpContext http, AcmeAccountService accounts, DelegationDirectory directory, CancellationToken ct)
    {
        var input = request.Read(AccountJsonContext.Default.AccountInputJson);
        if (input.OnlyReturnExisting is not true && input.ExternalAccountBinding is not { ValueKind: not JsonValueKind.Null } && !await accounts.HasAsync(request, ct))
            throw AcmeAccountErrors.BindingRequired(request.Links.PortalUrl + "/delegations");
        var (account, isNew) = await accounts.CreateOrFindAsync(input, request, ct);
        http.Response.Headers.Location = request.Links.Account(account.Id);
        return Answer(account, request, directory, isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static async Task<IResult> UpdateAccountAsync(string id, AcmeRequest request, AcmeAccountService accounts, DelegationDirectory directory, CancellationToken ct)
    {
        AccountEndpoints.RequireOwn(id, request);
        return request.IsPostAsGet
            ? Answer(request.Signer, request, directory)
            : Answer(await accounts.UpdateAsync(request.Read(AccountJsonContext.Default.AccountInputJson), request, ct), request, directory);
    }

    private static async Task<IResult> ChangeKeyAsync(AcmeRequest request, KeyChangeService keys, DelegationDirectory directory, CancellationToken ct) =>
        Answer(await keys.ChangeAsync(request, ct), request, directory);

    private static async Task<IResult> OrdersAsync(string id, string? cursor, AcmeRequest request, HttpContext http, DelegatedOrderService orders, CancellationToken ct)
    {
        AccountEndpoints.RequireOwn(id, request);
        request.RequirePostAsGet();
        var (ids, next) = await orders.ListAsync(request.Signer, cursor, ct);
        if (next is not null) http.Response.Headers.Append("Link", $"<{request.Links.Orders(request.Signer.Id, next)}>;rel=\"next\"");
        return Results.Json(new OrdersJson { Orders = [.. ids.Select(request.Links.Order)] }, AccountJsonContext.Default.OrdersJson, "application/json");
    }

    private static async Task<IResult> DelegationsAsync(
        string id, string? cursor, AcmeRequest request, HttpContext http, ConsumerAuthentication consumers, DelegationDirectory directory, IDbContextFactory<PortalDbContext> contexts, CancellationToken ct)
    {
        AccountEndpoints.RequireOwn(id, request);
        request.RequirePostAsGet();
        var consumer = await RequireConsumerAsync(request, consumers, ct);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var (ids, next) = await DelegationPages.ReadAsync(
            db.NameDelegations.AsNoTracking().Where(known => known.ConsumerId == consumer.Id && known.State == DelegationState.Active).OrderBy(known => known.CreatedAt).ThenBy(known => known.Id).Select(known => known.Id), cursor, DelegatedOrderService.PageSize, ct);
        if (next is not null) http.Response.Headers.Append("Link", $"<{directory.Delegations(request.Signer.Id, next)}>;rel=\"next\"");
        return new OrderAnswer(StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("delegations"u8);
            foreach (var delegation in ids) json.WriteStringValue(directory.Delegation(delegation));
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static async Task<IResult> DelegationAsync(string id, AcmeRequest request, ConsumerAuthentication consumers, IDbContextFactory<PortalDbContext> contexts, CancellationToken ct)
    {
        request.RequirePostAsGet();
        var consumer = await RequireConsumerAsync(request, consumers, ct);
        var asked = PayloadReader.Id(id);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var delegation = await db.NameDelegations.AsNoTracking().FirstOrDefaultAsync(known => known.Id == asked && known.ConsumerId == consumer.Id && known.State != DelegationState.Ended, ct) ?? throw AcmeErrors.NotFound();
        return new OrderAnswer(StatusCodes.Status200OK, json => DelegationJson.Write(json, delegation));
    }

    private static async Task<IResult> NewOrderAsync(AcmeRequest request, ConsumerAuthentication consumers, AskedDelegationReader reader, DelegatedOrderService orders, DelegationDirectory directory, CancellationToken ct)
    {
        var consumer = await RequireConsumerAsync(request, consumers, ct);
        using var payload = PayloadReader.Read(request);
        return Answer(await orders.PlaceAsync(reader.Read(payload.RootElement), consumer, request.Signer, ct), directory, StatusCodes.Status201Created);
    }

    private static async Task<IResult> OrderAsync(string id, AcmeRequest request, DelegatedOrderService orders, DelegationDirectory directory, CancellationToken ct)
    {
        request.RequirePostAsGet(); // RFC 9115 2.3.6: a consumer cannot cancel.
        return Answer(await orders.GetAsync(PayloadReader.Id(id), request.Signer, ct), directory);
    }

    private static async Task<IResult> FinalizeAsync(string id, AcmeRequest request, ConsumerAuthentication consumers, DelegatedOrderService orders, DelegationDirectory directory, CancellationToken ct)
    {
        var consumer = await RequireConsumerAsync(request, consumers, ct);
        using var payload = PayloadReader.Read(request);
        return Answer(await orders.FinalizeAsync(PayloadReader.Id(id), PayloadReader.Bytes(payload.RootElement, "csr"), consumer, request.Signer, ct), directory);
    }

    private static async Task<IResult> CertificateAsync(string id, HttpContext http, KeptCertificates kept) =>
        await kept.GetAsync(PayloadReader.Id(id), http.Connection.RemoteIpAddress, http.RequestAborted);

    private static async Task<KnownConsumer> RequireConsumerAsync(AcmeRequest request, ConsumerAuthentication consumers, CancellationToken ct) =>
        await consumers.ByAccountAsync(request.Signer, request.Actor.Address, ct) ?? throw DelegationAcmeErrors.NoConsumer();

    private static IResult Answer(AcmeAccount account, AcmeRequest request, DelegationDirectory directory, int status = StatusCodes.Status200OK) =>
        Results.Json(AccountJson.Of(account, request.Links, directory.Delegations(account.Id)), AccountJsonContext.Default.AccountJson, "application/json", status);

    private static OrderAnswer Answer(DelegatedOrder order, DelegationDirectory directory, int status = StatusCodes.Status200OK) =>
        new(status, json => DelegationJson.Write(json, order, directory))
        {
            Location = directory.Links.Order(order.Id), RetryAfter = order.Status is DelegatedOrderStatus.Processing or DelegatedOrderStatus.Waiting ? PollAgain : null,
        };
}
