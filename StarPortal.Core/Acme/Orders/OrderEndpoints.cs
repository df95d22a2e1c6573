using Microsoft.AspNetCore.Http;

namespace StarPortal.Core.Acme;

/// <summary>The doors of orders and certificates (RFC 8555 7.4).</summary>
internal static class OrderEndpoints
{
    public static async Task<IResult> NewOrder(AcmeRequest request, OrderService orders, OrderExtensions extensions, CancellationToken ct)
    {
        using var payload = PayloadReader.Read(request);
        var asked = extensions.Read(payload.RootElement, NewOrderReader.Read(payload.RootElement));
        return await AnswerAsync(request, await orders.SubmitAsync(AcmeCaller.Of(request), asked, ct), extensions, StatusCodes.Status201Created, ct);
    }

    /// <summary>POST-as-GET reads; a payload is for the order's extension, if it has one.</summary>
    public static async Task<IResult> Order(AcmeRequest request, string orderId, OrderService orders, OrderExtensions extensions, CancellationToken ct)
    {
        var view = await orders.PollAsync(request.Signer, PayloadReader.Id(orderId), ct);
        if (extensions.Find(view.Order) is not { } extension || request.IsPostAsGet) request.RequirePostAsGet();
        else
        {
            using var payload = PayloadReader.Read(request);
            view = await extension.UpdateAsync(AcmeCaller.Of(request), view, payload.RootElement, ct);
        }

        return await AnswerAsync(request, view, extensions, StatusCodes.Status200OK, ct);
    }

    public static async Task<IResult> Finalize(AcmeRequest request, string orderId, OrderFinalizer finalizer, OrderExtensions extensions, CancellationToken ct)
    {
        using var payload = PayloadReader.Read(request);
        var csr = PayloadReader.Bytes(payload.RootElement, "csr");
        return await AnswerAsync(request, await finalizer.FinalizeAsync(AcmeCaller.Of(request), PayloadReader.Id(orderId), csr, ct), extensions, StatusCodes.Status200OK, ct);
    }

    public static Task<IResult> Certificate(AcmeRequest request, string orderId, OrderService orders, CertificateShelf certificates, CancellationToken ct) =>
        CertificateChain(request, orderId, 0, orders, certificates, ct);

    /// <summary>An order that did not ask for it is answered as one that is not there.</summary>
    public static async Task<IResult> OpenCertificate(string orderId, OrderShelf orders, CertificateShelf certificates, HttpContext http)
    {
        var order = await orders.FindOrderAsync(PayloadReader.Id(orderId), http.RequestAborted);
        if (order is not { AllowCertificateGet: true, CertificateSerial: not null })
        {
            http.Response.Headers.Allow = HttpMethods.Post; // RFC 9110 15.5.6
            throw AcmeErrors.MethodNotAllowed();
        }

        http.Response.Headers.CacheControl = "public, max-age=3600"; // It never changes.
        return new CertificateAnswer((await certificates.GetAsync(order, 0, http.RequestAborted)).Pem, []);
    }

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

    private static async ValueTask<IResult> AnswerAsync(AcmeRequest request, OrderView view, OrderExtensions extensions, int status, CancellationToken ct)
    {
        var extend = extensions.Find(view.Order) is { } extension ? await extension.DescribeAsync(view, request.Links, ct) : null;
        return new OrderAnswer(status, json => OrderJson.Write(json, view, request.Links, extend))
        {
            Location = request.Links.Order(view.Order.Id), RetryAfter = view.Status is AcmeOrderStatus.Processing ? TimeSpan.FromSeconds(2) : null,
        };
    }
}
