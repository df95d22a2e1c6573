using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace StarPortal.Core.Acme;

/// <summary>A JSON answer with the headers that orders, authorizations and challenges have.</summary>
internal sealed class OrderAnswer(int status, Action<Utf8JsonWriter> write) : IResult
{
    public string? Location { get; init; }

    /// <summary>RFC 8555 7.5.1: the authorization that a challenge belongs to.</summary>
    public string? Up { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = "application/json";
        if (Location is not null) response.Headers.Location = Location;
        if (Up is not null) response.Headers.Append("Link", $"<{Up}>;rel=\"up\"");
        if (RetryAfter is { } wait) response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        using (var json = new Utf8JsonWriter(response.BodyWriter)) write(json);
        return response.BodyWriter.FlushAsync(httpContext.RequestAborted).AsTask();
    }
}
