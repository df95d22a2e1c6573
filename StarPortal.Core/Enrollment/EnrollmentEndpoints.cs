using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Enrollment;

/// <summary>What the request pages ask for by script; the pages work without. Nothing here changes anything.</summary>
public static class EnrollmentEndpoints
{
    /// <summary>A form of fields, without the file: what it holds stands in the text field already.</summary>
    private const int MaxPreviewSize = 256 * 1024;

    public static IEndpointRouteBuilder MapEnrollment(this IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup("/api/v1").WithTags("Requests");
        api.MapPost("/request-preview", PreviewAsync).WithMetadata(new RequestSizeLimitAttribute(MaxPreviewSize))
            .WithSummary("Checks a request form as it would be checked when sent, and shows the certificate that would come of it. Needs the page's antiforgery token.");
        api.MapGet("/requests/{id:guid}/version", VersionAsync).WithSummary("A number that changes with the request, by its tracking id.");
        return endpoints;
    }

    private static async Task<Ok<RequestPreviewJson>> PreviewAsync(
        [FromForm] PreviewInput form, HttpContext context, Actors actors, EnrollmentChecker checker, PreviewLimit limit, CancellationToken ct)
    {
        var actor = await actors.ResolveAsync(context.User, context.Connection.RemoteIpAddress?.ToString(), ct);
        limit.Spend(actor);
        return TypedResults.Ok(RequestPreviewJson.Of(await checker.CheckAsync(form.Input, actor, ct)));
    }

    private static async Task<Ok<RequestVersionJson>> VersionAsync(Guid id, RequestTracker tracker, CancellationToken ct) =>
        TypedResults.Ok(new RequestVersionJson(await tracker.GetVersionAsync(id, ct)));
}

/// <summary>The fields as the page's form names them.</summary>
internal sealed class PreviewInput
{
    public EnrollmentForm Input { get; set; } = new();
}

/// <summary>Previews cost a signature each.</summary>
public sealed class PreviewLimit(AttemptThrottle throttle, IOptions<EnrollmentOptions> options)
{
    /// <exception cref="ServiceException">TooMany.</exception>
    public void Spend(Actor visitor) =>
        throttle.Spend(AttemptThrottle.AddressKey("preview", visitor.Address), options.Value.PreviewsPerAddressPerMinute, TimeSpan.FromMinutes(1));
}
