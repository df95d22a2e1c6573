namespace StarPortal.Core.Delegation;

/// <summary>What an upstream said, within the bounds.</summary>
/// <param name="Url">Where it was asked: what relative URLs of the answer start from.</param>
/// <param name="IsTooLong">The body has more octets than are read; <paramref name="Body"/> is empty then.</param>
/// <param name="RetryAfter">RFC 9110 10.2.3, as a point in time, in the future and not further than is believed.</param>
internal sealed record UpstreamAnswer(
    Uri Url, int Status, string? MediaType, string? Location, string? Nonce, IReadOnlyList<string> Links, DateTimeOffset? RetryAfter, bool IsTooLong, byte[] Body)
{
    public bool IsSuccess => Status is >= 200 and < 300;
}
