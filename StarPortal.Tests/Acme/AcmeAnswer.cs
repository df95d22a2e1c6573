using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace StarPortal.Tests.Acme;

/// <summary>An answer, read.</summary>
public sealed record AcmeAnswer(HttpStatusCode Status, string? MediaType, byte[] Body, ILookup<string, string> Headers)
{
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>The body, which has to be a JSON object.</summary>
    public JsonObject Json => JsonNode.Parse(Body)!.AsObject();

    /// <summary>The registered name of the problem; null when this is none.</summary>
    public string? Problem => MediaType == "application/problem+json" ? Json["type"]!.GetValue<string>().Replace("urn:ietf:params:acme:error:", "", StringComparison.Ordinal) : null;

    public string? Location => Headers["Location"].SingleOrDefault();

    public string? Nonce => Headers["Replay-Nonce"].SingleOrDefault();

    /// <summary>The target of the first Link of this relation.</summary>
    public string? LinkOf(string relation) =>
        Headers["Link"].Where(link => link.EndsWith($"rel=\"{relation}\"", StringComparison.Ordinal)).Select(link => link[1..link.IndexOf('>', StringComparison.Ordinal)]).FirstOrDefault();

    /// <summary>Status and problem in one value, for assertions.</summary>
    public (int Status, string? Problem) Outcome => ((int)Status, Problem);

    public static async Task<AcmeAnswer> ReadAsync(HttpResponseMessage response)
    {
        var headers = response.Headers.Concat(response.Content.Headers).SelectMany(header => header.Value.Select(value => (header.Key, value)))
            .ToLookup(header => header.Key, header => header.value, StringComparer.OrdinalIgnoreCase);
        return new AcmeAnswer(response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsByteArrayAsync(), headers);
    }
}
