using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using StarPortal.Core.Star;

namespace StarPortal.Core.Delegation;

/// <summary>A certificate that the portal serves for another CA, with the headers that RFC 8739 3.3 and 3.4 have.</summary>
internal sealed class KeptAnswer(DelegatedOrder order, KeptCertificate certificate) : IResult
{
    private const int SecondsBetweenLooks = 300;

    private readonly byte[] pem = Encoding.ASCII.GetBytes(certificate.Pem);

    /// <exception cref="Acme.AcmeException">autoRenewalCanceled, autoRenewalExpired; 503: its successor is late.</exception>
    public void RequirePublished(DateTimeOffset now)
    {
        if (order.Status is DelegatedOrderStatus.Canceled) throw StarErrors.Canceled();
        if (order is { IsStar: true, EndDate: { } end } && end < now) throw StarErrors.Expired(end);
        if (certificate.NotAfter < now) throw order.IsStar ? StarErrors.Late() : StarErrors.Expired(certificate.NotAfter);
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        var headers = response.Headers;
        var tag = $"\"{certificate.SerialNumber}\"";
        headers.ETag = tag;
        headers.CacheControl = $"public, must-revalidate, max-age={SecondsBetweenLooks}";
        headers["Cert-Not-Before"] = certificate.NotBefore.ToString("R", CultureInfo.InvariantCulture);
        headers["Cert-Not-After"] = certificate.NotAfter.ToString("R", CultureInfo.InvariantCulture);
        if (EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var tags) && tags.Any(known => known.Tag == tag || known.Tag == "*"))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.ContentType = "application/pem-certificate-chain";
        response.ContentLength = pem.Length;
        return HttpMethods.IsHead(request.Method) ? Task.CompletedTask : response.Body.WriteAsync(pem, httpContext.RequestAborted).AsTask();
    }
}
