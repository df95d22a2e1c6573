using Microsoft.AspNetCore.Http;

namespace StarPortal.Core.Acme;

/// <summary>RFC 8555 7.4.2: a certificate with its chain, and where the other chains are.</summary>
internal sealed class CertificateAnswer(byte[] pem, IReadOnlyList<string> alternates) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "application/pem-certificate-chain";
        response.ContentLength = pem.Length;
        foreach (var alternate in alternates) response.Headers.Append("Link", $"<{alternate}>;rel=\"alternate\"");
        return response.Body.WriteAsync(pem, httpContext.RequestAborted).AsTask();
    }
}
