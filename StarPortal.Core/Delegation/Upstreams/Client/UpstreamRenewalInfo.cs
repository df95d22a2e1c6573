namespace StarPortal.Core.Delegation;

/// <summary>RFC 9773 4.2: when the upstream wants a certificate replaced.</summary>
/// <param name="ExplanationUrl">To be shown to the owner; never asked by the portal.</param>
/// <param name="RetryAt">When to ask again.</param>
public sealed record UpstreamRenewalInfo(DateTimeOffset WindowStart, DateTimeOffset WindowEnd, string? ExplanationUrl, DateTimeOffset? RetryAt)
{
    internal static UpstreamRenewalInfo Of(UpstreamAnswer answer)
    {
        var info = UpstreamObject.Read(answer);
        var window = info.Object("suggestedWindow");
        if (window.FindTime("start") is not { } start || window.FindTime("end") is not { } end || end <= start) throw UpstreamErrors.Nonsense("suggestedWindow has no start before its end."); // 4.2: end after start
        return new(start, end, info.FindText("explanationURL"), answer.RetryAfter);
    }
}
