using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using StarPortal.Core.Acme;

namespace StarPortal.Core.Star;

/// <summary>Around everything on the look-up's port: what is refused there is a problem document, whatever the browser accepts.</summary>
public sealed partial class LookupAnswers(RequestDelegate next, ILogger<LookupAnswers> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (await FindRefusalAsync(http) is { } refusal) await AcmeProblemWriter.WriteAsync(http.Response, refusal);
    }

    private async Task<AcmeException?> FindRefusalAsync(HttpContext http)
    {
        try
        {
            await next(http);
            return http.Response is { StatusCode: StatusCodes.Status429TooManyRequests, HasStarted: false } ? StarErrors.AskedTooOften() : null;
        }
        catch (AcmeException refusal)
        {
            return refusal;
        }
#pragma warning disable CA1031 // The edge: whatever it is says nothing outside.
        catch (Exception error) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            LogFailed(error);
            return AcmeErrors.ServerInternal();
        }
#pragma warning restore CA1031
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A renewal-URI look-up failed")]
    private partial void LogFailed(Exception error);
}
