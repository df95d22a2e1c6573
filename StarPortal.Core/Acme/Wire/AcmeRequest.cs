using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Acme;

/// <summary>
/// A request whose JWS was verified: the argument by which a door says that it takes signed requests only. Who may sign is said in the route table
/// (<see cref="AcmeSigner"/>). Binding it reads and authenticates the body, so a door never runs without.
/// </summary>
public sealed class AcmeRequest
{
    /// <summary>The account that signed; null only where the key itself signs (newAccount, revokeCert by certificate key). Not tracked: load it again to change it.</summary>
    public AcmeAccount? Account { get; init; }

    /// <summary>The external account binding of <see cref="Account"/>, if it has one; not tracked.</summary>
    public ExternalAccountKey? Binding { get; init; }

    /// <summary>The key that signed.</summary>
    public required AcmeJwk Key { get; init; }

    /// <summary>What was signed; empty for POST-as-GET. Valid UTF-8, at most <see cref="JwsReader.MaxLength"/> octets.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>The URL that the client signed, which is the one it asked.</summary>
    public required string Url { get; init; }

    /// <summary>For the audit log: <c>acme:{account id}</c>, or <c>acme</c>, with the network address.</summary>
    public required Actor Actor { get; init; }

    public required AcmeLinks Links { get; init; }

    public string? UserAgent { get; init; }

    /// <summary>RFC 8555 6.3.</summary>
    public bool IsPostAsGet => Payload.IsEmpty;

    /// <summary>For doors that the route table opens to accounts only.</summary>
    public AcmeAccount Signer => Account ?? throw AcmeErrors.Unauthorized("This request is signed by an account: kid, not jwk.");

    public static ValueTask<AcmeRequest?> BindAsync(HttpContext http) => AcmeAuthenticator.BindAsync(http);

    /// <summary>The payload as JSON. Unknown members are ignored, but none may come twice, which the serializer finds for those only that it knows.</summary>
    /// <exception cref="AcmeException">malformed.</exception>
    public T Read<T>(JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            using var document = JsonDocument.Parse(Payload, AcmeJson.Strict);
            return document.Deserialize(type) ?? throw AcmeErrors.BadJson();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw AcmeErrors.BadJson();
        }
    }

    /// <exception cref="AcmeException">malformed: the resource is read by POST-as-GET only.</exception>
    public void RequirePostAsGet()
    {
        if (!IsPostAsGet) throw AcmeErrors.Malformed("This resource is only read: send an empty payload (POST-as-GET, RFC 8555 6.3).");
    }
}
