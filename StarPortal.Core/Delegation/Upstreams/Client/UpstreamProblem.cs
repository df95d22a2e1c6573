using System.Text;
using System.Text.Json;
using StarPortal.Core.Acme;
using StarPortal.Core.Star;

namespace StarPortal.Core.Delegation;

/// <summary>A problem document (RFC 9457) with the subproblems of RFC 8555 6.7.1; texts are one line each, cut to what people read.</summary>
/// <param name="Status">Of HTTP; 0 within an order or authorization that doesn't say.</param>
/// <param name="Type">A URI, such as <c>urn:ietf:params:acme:error:caa</c>; <c>about:blank</c> when there was none.</param>
/// <param name="Identifier">What a subproblem is about, such as <c>dns:example.org</c>.</param>
public sealed record UpstreamProblem(int Status, string Type, string? Detail, string? Identifier, IReadOnlyList<UpstreamProblem> Subproblems)
{
    private const string NoType = "about:blank";
    private const int MaxSubproblems = 20;

    /// <param name="token">The registered name, such as <c>badNonce</c>.</param>
    public bool Is(string token) => Type == AcmeProblemTypes.Namespace + token;

    public override string ToString()
    {
        var text = new StringBuilder(Type.StartsWith(AcmeProblemTypes.Namespace, StringComparison.Ordinal) ? Type[AcmeProblemTypes.Namespace.Length..] : Type == NoType ? $"status {Status}" : Type);
        if (Identifier is not null) text.Append(" for ").Append(Identifier);
        if (Detail is not null) text.Append(": ").Append(Detail);
        foreach (var sub in Subproblems) text.Append("; ").Append(sub);
        return text.ToString();
    }

    /// <summary>The refusal that an answer with an error's status is; a body that is no problem document says nothing.</summary>
    internal static UpstreamProblem Of(UpstreamAnswer answer)
    {
        if (answer.IsTooLong) return new(answer.Status, NoType, "its explanation is longer than what is read", null, []);
        try
        {
            return Of(UpstreamJson.Parse(answer.Body), answer.Status);
        }
        catch (JsonException)
        {
            return new(answer.Status, NoType, "it sent no problem document", null, []);
        }
    }

    /// <summary>Null when there is no object.</summary>
    internal static UpstreamProblem? Find(JsonElement holder) =>
        holder.TryGetProperty("error", out var error) && error.ValueKind is JsonValueKind.Object ? Of(error, 0) : null;

    private static UpstreamProblem Of(JsonElement problem, int status)
    {
        if (problem.ValueKind is not JsonValueKind.Object) return new(status, NoType, null, null, []);
        var subproblems = problem.TryGetProperty("subproblems", out var subs) && subs.ValueKind is JsonValueKind.Array ? subs.EnumerateArray().Take(MaxSubproblems).Select(sub => Of(sub, status)) : [];
        return new(StatusOf(problem) ?? status, TextOf(problem, "type") ?? NoType, TextOf(problem, "detail"), IdentifierOf(problem), [.. subproblems]);
    }

    private static string? IdentifierOf(JsonElement problem) =>
        problem.TryGetProperty("identifier", out var identifier) && identifier.ValueKind is JsonValueKind.Object ? $"{TextOf(identifier, "type")}:{TextOf(identifier, "value")}" : null;

    private static int? StatusOf(JsonElement problem) =>
        problem.TryGetProperty("status", out var value) && value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out var status) ? status : null;

    private static string? TextOf(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? PlainText.Of(value.GetString()!) : null;
}
