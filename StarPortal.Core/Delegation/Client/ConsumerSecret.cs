using System.Net.Http.Headers;
using System.Text;

namespace StarPortal.Core.Delegation;

/// <summary>What a consumer shows by HTTP Basic (RFC 7617): its id and a token.</summary>
public sealed class ConsumerSecret
{
    private readonly string pair;

    private ConsumerSecret(string pair) => this.pair = pair;

    internal AuthenticationHeaderValue Header => new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(pair)));

    /// <param name="text"><c>consumer-id:token</c>, on a line by itself.</param>
    public static ConsumerSecret? TryParse(string? text) =>
        text?.Trim() is { Length: <= 400 } pair && pair.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && colon < pair.Length - 1 && pair.All(char.IsAscii) && !pair.Any(each => char.IsControl(each) || each == ' ')
            ? new(pair) : null;
}
