using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace StarPortal.Core.Star;

/// <summary>A certificate with its chain and the headers of RFC 8739 3.3, or 304 for who has it already.</summary>
internal sealed class StarCertificateAnswer(ServedCertificate certificate, string cacheControl, bool isDraft = false) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        var headers = response.Headers;
        headers.ETag = certificate.ETag;
        headers.CacheControl = cacheControl;
        headers["Cert-Not-Before"] = certificate.NotBeforeText;
        headers["Cert-Not-After"] = certificate.NotAfterText;
        if (isDraft) (headers["Not-Before"], headers["Not-After"]) = (certificate.NotBeforeText, certificate.NotAfterText); // As drafts up to -06 had them.
        if (!HttpMethods.IsPost(request.Method) && IsKnown(request))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.ContentType = "application/pem-certificate-chain";
        response.ContentLength = certificate.Pem.Length;
        return HttpMethods.IsHead(request.Method) ? Task.CompletedTask : response.Body.WriteAsync(certificate.Pem, httpContext.RequestAborted).AsTask();
    }

    /// <summary>RFC 9110 13.1.2.</summary>
    private bool IsKnown(HttpRequest request)
    {
        var asked = request.Headers.IfNoneMatch;
        if (asked.Count == 0) return false;
        return EntityTagHeaderValue.TryParseList(asked, out var tags) && tags.Any(tag => tag.Tag == "*" || tag.Tag == certificate.ETag);
    }
}
