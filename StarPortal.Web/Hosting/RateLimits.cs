using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using StarPortal.Core.Identity;

namespace StarPortal.Web.Hosting;

/// <summary>One address can't keep the portal from the others: a limit on requests and a lower one on changes, a bucket each per address.</summary>
internal sealed class RateLimits(IOptions<RateLimitOptions> limits) : IConfigureOptions<RateLimiterOptions>
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    public void Configure(RateLimiterOptions options)
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.OnRejected = (rejected, _) =>
        {
            var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(10);
            rejected.HttpContext.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            return ValueTask.CompletedTask;
        };
        options.GlobalLimiter = PartitionedRateLimiter.CreateChained(
            PartitionedRateLimiter.Create<HttpContext, string>(context => Bucket(context, limits.Value.RequestsPerMinute)),
            PartitionedRateLimiter.Create<HttpContext, string>(context => Bucket(context, IsChange(context.Request) ? limits.Value.ChangesPerMinute : 0)));
    }

    private static RateLimitPartition<string> Bucket(HttpContext context, int perMinute) => perMinute == 0
        ? RateLimitPartition.GetNoLimiter("")
        : RateLimitPartition.GetTokenBucketLimiter(AttemptThrottle.AddressKey("web", context.Connection.RemoteIpAddress), _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = perMinute,
            TokensPerPeriod = Math.Max(1, perMinute / 60),
            ReplenishmentPeriod = Window / 60,
        });

    private static bool IsChange(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !HttpMethods.IsOptions(request.Method)
        && !request.Path.StartsWithSegments("/pki", StringComparison.Ordinal) && !request.Path.StartsWithSegments("/_blazor", StringComparison.Ordinal);
}
