using System.Text.Json;

namespace StarPortal.Core.Acme;

/// <summary>Orders, authorizations and challenges on the wire (RFC 8555 7.1.3, 7.1.4, 8).</summary>
public static class OrderJson
{
    /// <summary>The order object. <paramref name="extend"/> adds members of an extension.</summary>
    public static void Write(Utf8JsonWriter json, OrderView view, AcmeLinks links, Action<Utf8JsonWriter>? extend = null)
    {
        var order = view.Order;
        json.WriteStartObject();
        json.WriteString("status", NameOf(view.Status));
        json.WriteString("expires", Time(order.ExpiresAt));
        if (order.NotBefore is { } notBefore) json.WriteString("notBefore", Time(notBefore));
        if (order.NotAfter is { } notAfter) json.WriteString("notAfter", Time(notAfter));
        json.WriteStartArray("identifiers");
        foreach (var identifier in order.Identifiers) WriteIdentifier(json, null, identifier);
        json.WriteEndArray();
        json.WriteString("profile", order.Profile);
        if (order.Replaces is { } replaces) json.WriteString("replaces", replaces);
        json.WriteStartArray("authorizations");
        foreach (var authorization in order.AuthorizationIds) json.WriteStringValue(links.Authorization(authorization));
        json.WriteEndArray();
        json.WriteString("finalize", links.Finalize(order.Id));
        if (order.AllowCertificateGet) json.WriteBoolean("allow-certificate-get", true);
        if (order.CertificateSerial is not null) json.WriteString("certificate", links.Certificate(order.Id));
        if (view.Status is AcmeOrderStatus.Invalid)
        {
            json.WritePropertyName("error");
            json.WriteRawValue(order.Error ?? OrderFailures.Describe(view));
        }

        extend?.Invoke(json);
        json.WriteEndObject();
    }

    /// <summary>RFC 9773 4.2.</summary>
    public static void Write(Utf8JsonWriter json, RenewalWindow window)
    {
        json.WriteStartObject();
        json.WriteStartObject("suggestedWindow");
        json.WriteString("start", Time(window.Start));
        json.WriteString("end", Time(window.End));
        json.WriteEndObject();
        if (window.ExplanationUrl is { } url) json.WriteString("explanationURL", url);
        json.WriteEndObject();
    }

    /// <summary>The authorization object. Challenges that no longer matter are left out (7.1.4: when valid or invalid, only the one that was tried).</summary>
    public static void Write(Utf8JsonWriter json, AcmeAuthorization authorization, AcmeLinks links, DateTimeOffset now)
    {
        var status = authorization.StatusAt(now);
        json.WriteStartObject();
        WriteIdentifier(json, "identifier", authorization.Identifier);
        json.WriteString("status", NameOf(status));
        json.WriteString("expires", Time(authorization.ExpiresAt));
        if (authorization.IsWildcard) json.WriteBoolean("wildcard", true);
        json.WriteStartArray("challenges");
        foreach (var type in Challenges.ShownFor(authorization, status)) WriteChallenge(json, authorization, type, links, now);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The challenge object.</summary>
    public static void WriteChallenge(Utf8JsonWriter json, AcmeAuthorization authorization, ChallengeType type, AcmeLinks links, DateTimeOffset now)
    {
        json.WriteStartObject();
        json.WriteString("type", type.Token);
        json.WriteString("url", links.Challenge(Challenges.IdOf(authorization.Id, type)));
        json.WriteString("status", Challenges.StatusOf(authorization, type, now));
        json.WriteString("token", authorization.TokenOf(type));
        if (authorization.Chosen == type || authorization.Waiver is not null)
        {
            if (authorization.ValidatedAt is { } validated && authorization.Status is not AcmeAuthorizationStatus.Pending) json.WriteString("validated", Time(validated));
            if (authorization.Problem is { } problem)
            {
                json.WriteStartObject("error");
                OrderFailures.WriteMembers(json, problem, authorization.ProblemDetail ?? "");
                json.WriteEndObject();
            }
        }

        json.WriteEndObject();
    }

    internal static void WriteIdentifier(Utf8JsonWriter json, string? member, AcmeIdentifier identifier)
    {
        if (member is null) json.WriteStartObject();
        else json.WriteStartObject(member);
        json.WriteString("type", identifier.TypeToken);
        json.WriteString("value", identifier.Value);
        json.WriteEndObject();
    }

    /// <summary>RFC 3339, whole seconds, UTC.</summary>
    internal static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    public static string NameOf(AcmeOrderStatus status) => status switch
    {
        AcmeOrderStatus.Pending => "pending",
        AcmeOrderStatus.Ready => "ready",
        AcmeOrderStatus.Processing => "processing",
        AcmeOrderStatus.Valid => "valid",
        AcmeOrderStatus.Invalid => "invalid",
        AcmeOrderStatus.Canceled => "canceled",
    };

    public static string NameOf(AcmeAuthorizationStatus status) => status switch
    {
        AcmeAuthorizationStatus.Pending => "pending",
        AcmeAuthorizationStatus.Valid => "valid",
        AcmeAuthorizationStatus.Invalid => "invalid",
        AcmeAuthorizationStatus.Deactivated => "deactivated",
        AcmeAuthorizationStatus.Expired => "expired",
        AcmeAuthorizationStatus.Revoked => "revoked",
    };
}
