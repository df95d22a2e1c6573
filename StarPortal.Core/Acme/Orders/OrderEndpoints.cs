using Microsoft.AspNetCore.Http;

namespace StarPortal.Core.Acme;

/// <summary>The doors of orders and certificates (RFC 8555 7.4).</summary>
internal static class OrderEndpoints
{
    public static async Task<IResult> NewOrder(AcmeRequest request, OrderService orders, CancellationToken ct)
    {
        using var payload = PayloadReader.Read(request);
        var view = await orders.SubmitAsync(AcmeCaller.Of(request), NewOrderReader.Read(payload.RootElement), ct);
        return Answer(request, view, StatusCodes.Status201Created);
    }

    public static async Task<IResult> Order(AcmeRequest request, string orderId, OrderService orders, CancellationToken ct)
    {
        request.RequirePostAsGet();
        return Answer(request, await orders.GetAsync(request.Signer, PayloadReader.Id(orderId), ct), StatusCodes.Status200OK);
    }

    public static async Task<IResult> Finalize(AcmeRequest request, string orderId, OrderFinalizer finalizer, CancellationToken ct)
    {
        using var payload = PayloadReader.Read(request);
        var csr = PayloadReader.Bytes(payload.RootElement, "csr");
        return Answer(request, await finalizer.FinalizeAsync(AcmeCaller.Of(request), PayloadReader.Id(orderId), csr, ct), StatusCodes.Status200OK);
    }

    public static Task<IResult> Certificate(AcmeRequest request, string orderId, OrderService orders, CertificateShelf certificates, CancellationToken ct) =>
        CertificateChain(request, orderId, 0, orders, certificates, ct);

    public static async Task<IResult> CertificateChain(AcmeRequest request, string orderId, int chain, OrderService orders, CertificateShelf certificates, CancellationToken ct)
    {
        request.RequirePostAsGet();
        var view = await orders.GetAsync(request.Signer, PayloadReader.Id(orderId), ct);
        var download = await certificates.GetAsync(view.Order, chain, ct);
        return new CertificateAnswer(download.Pem, [.. Enumerable.Range(0, download.Chains).Where(other => other != chain).Select(other => request.Links.Certificate(view.Order.Id, other))]);
    }

    public static async Task<IResult> Revoke(AcmeRequest request, AcmeRevocation revocation, CancellationToken ct)
    {
        using var payload = PayloadReader.Read(request);
        await revocation.RevokeAsync(request.Account, request.Key.KeyHash, RevocationAsked.Read(payload.RootElement), request.Actor, ct);
        return Results.Ok();
    }

    public static async Task<IResult> RenewalInfo(string certificateId, RenewalInfoService renewals, CancellationToken ct)
    {
        var window = await renewals.GetAsync(certificateId, ct);
        return new OrderAnswer(StatusCodes.Status200OK, json => OrderJson.Write(json, window)) { RetryAfter = RenewalInfoService.RetryAfter };
    }

    private static OrderAnswer Answer(AcmeRequest request, OrderView view, int status) => new(status, json => OrderJson.Write(json, view, request.Links))
    {
        Location = request.Links.Order(view.Order.Id),
        RetryAfter = view.Status is AcmeOrderStatus.Processing ? TimeSpan.FromSeconds(2) : null,
    };
}
