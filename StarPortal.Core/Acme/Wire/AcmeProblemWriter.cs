using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace StarPortal.Core.Acme;

/// <summary>Writes a refusal as a problem document (RFC 8555 6.7, RFC 7807).</summary>
internal static class AcmeProblemWriter
{
    public static async Task WriteAsync(HttpResponse response, AcmeException problem)
    {
        response.StatusCode = problem.Status;
        response.ContentType = "application/problem+json";
        response.Headers.ContentLanguage = "en";
        if (problem.RetryAfter is { } wait) response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        if (problem.Location is { } location) response.Headers.Location = location;
        foreach (var link in problem.Links) response.Headers.Append("Link", $"<{link.Url}>;rel=\"{link.Relation}\"");

        var body = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(body)) Write(json, problem);
        response.ContentLength = body.WrittenCount;
        await response.Body.WriteAsync(body.WrittenMemory);
    }

    /// <summary>A problem inside an object, such as a challenge's <c>error</c>.</summary>
    public static void Write(Utf8JsonWriter json, AcmeProblemType type, string detail)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, type.Urn);
        json.WriteString("detail"u8, detail);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, AcmeException problem)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, problem.Type.Urn);
        json.WriteString("detail"u8, problem.Message);
        json.WriteNumber("status"u8, problem.Status);
        if (problem.Instance is { } instance) json.WriteString("instance"u8, instance);
        WriteAlgorithms(json, problem.Algorithms);
        WriteSubproblems(json, problem.Subproblems);
        json.WriteEndObject();
    }

    private static void WriteAlgorithms(Utf8JsonWriter json, IReadOnlyList<string> algorithms)
    {
        if (algorithms.Count == 0) return;
        json.WriteStartArray("algorithms"u8);
        foreach (var algorithm in algorithms) json.WriteStringValue(algorithm);
        json.WriteEndArray();
    }

    private static void WriteSubproblems(Utf8JsonWriter json, IReadOnlyList<AcmeSubproblem> subproblems)
    {
        if (subproblems.Count == 0) return;
        json.WriteStartArray("subproblems"u8);
        foreach (var part in subproblems)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, part.Type.Urn);
            json.WriteString("detail"u8, part.Detail);
            if (part.Identifier is { } identifier)
            {
                json.WriteStartObject("identifier"u8);
                json.WriteString("type"u8, identifier.TypeToken);
                json.WriteString("value"u8, identifier.Value);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
