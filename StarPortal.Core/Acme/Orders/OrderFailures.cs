using System.Text.Json;

namespace StarPortal.Core.Acme;

/// <summary>Why an order is invalid, as a problem document (RFC 8555 7.1.3 "error") and in plain words.</summary>
internal static class OrderFailures
{
    /// <summary>JSON of the problem document, made from what its authorizations say.</summary>
    public static string Describe(OrderView view)
    {
        var failed = view.Authorizations.Where(authorization => authorization.Problem is not null && authorization.Status is AcmeAuthorizationStatus.Invalid).ToList();
        if (failed is [var only]) return Write(only.Problem!.Value, only.ProblemDetail ?? "", []);
        if (failed.Count > 1) return Write(AcmeProblemType.Compound, "Some identifiers could not be validated.", failed);
        var ended = view.Authorizations.FirstOrDefault(authorization => authorization.Status is AcmeAuthorizationStatus.Deactivated or AcmeAuthorizationStatus.Revoked);
        return ended is not null
            ? Write(AcmeProblemType.Unauthorized, $"The authorization for {ended.Identifier.Value} was {(ended.Status is AcmeAuthorizationStatus.Revoked ? "revoked" : "deactivated")}.", [])
            : Write(AcmeProblemType.Malformed, "The order or one of its authorizations expired before it was finalized.", []);
    }

    public static string Write(AcmeProblemType type, string detail, IReadOnlyList<AcmeAuthorization> parts)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteMembers(json, type, detail);
            if (parts.Count > 0)
            {
                json.WriteStartArray("subproblems");
                foreach (var part in parts)
                {
                    json.WriteStartObject();
                    WriteMembers(json, part.Problem!.Value, part.ProblemDetail ?? "");
                    OrderJson.WriteIdentifier(json, "identifier", part.Identifier);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>Why an order failed or what it waits for, for people; empty when it is done.</summary>
    public static string Explain(OrderView view)
    {
        switch (view.Status)
        {
            case AcmeOrderStatus.Invalid:
                using (var problem = JsonDocument.Parse(view.Order.Error ?? Describe(view)))
                    return string.Join(' ', Details(problem.RootElement).Where(detail => detail.Length > 0));
            case AcmeOrderStatus.Pending:
                var failing = view.Authorizations.FirstOrDefault(authorization => authorization.Status is AcmeAuthorizationStatus.Pending && authorization.Problem is not null);
                return failing is null ? "Waits for the client to answer its challenges." : $"{failing.Identifier.Value} is tried again: {failing.ProblemDetail}";
            case AcmeOrderStatus.Ready: return "Waits for the client to send its signing request.";
            case AcmeOrderStatus.Processing: return "The certificate is being issued.";
            case AcmeOrderStatus.Valid: return "";
        }

        return "";
    }

    /// <summary>The same for one authorization.</summary>
    public static string Explain(AcmeAuthorization authorization, DateTimeOffset now) => authorization.StatusAt(now) switch
    {
        AcmeAuthorizationStatus.Valid => authorization.Waiver is { } waiver ? $"No challenge was needed: {waiver}." : "",
        AcmeAuthorizationStatus.Invalid => authorization.ProblemDetail ?? "",
        AcmeAuthorizationStatus.Pending when authorization.Problem is not null => $"Is tried again: {authorization.ProblemDetail}",
        AcmeAuthorizationStatus.Pending => authorization.IsProcessing ? "Is being validated." : "Waits for the client to answer a challenge.",
        AcmeAuthorizationStatus.Deactivated => "The client gave it up.",
        AcmeAuthorizationStatus.Expired => "Its time is over.",
        AcmeAuthorizationStatus.Revoked => "It was revoked here.",
    };

    private static IEnumerable<string> Details(JsonElement problem)
    {
        yield return problem.GetProperty("detail").GetString() ?? "";
        if (!problem.TryGetProperty("subproblems", out var parts)) yield break;
        foreach (var part in parts.EnumerateArray()) yield return $"{part.GetProperty("identifier").GetProperty("value").GetString()}: {part.GetProperty("detail").GetString()}";
    }

    public static void WriteMembers(Utf8JsonWriter json, AcmeProblemType type, string detail)
    {
        json.WriteString("type", type.Urn);
        json.WriteString("detail", detail);
        json.WriteNumber("status", type.DefaultStatus);
    }
}
