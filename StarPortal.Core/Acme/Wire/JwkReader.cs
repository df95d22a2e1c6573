using System.Text.Json;

namespace StarPortal.Core.Acme;

/// <summary>Reads a JSON Web Key (RFC 7517, RFC 7518 6): public EC and RSA keys in their one encoding, so that a key has one thumbprint.</summary>
internal static class JwkReader
{
    /// <summary>No arithmetic is done with anything larger.</summary>
    private const int MaxRsaOctets = 8192 / 8;

    private const int MinRsaOctets = 2048 / 8;

    /// <exception cref="AcmeException">malformed: no JWK at all; badPublicKey: a kind of key that is not taken, or a damaged one.</exception>
    public static AcmeJwk Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, AcmeJson.Strict);
            return Read(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw AcmeErrors.Malformed("The jwk is not a JSON object with each member once.");
        }
    }

    private static AcmeJwk Read(JsonElement jwk)
    {
        if (jwk.ValueKind is not JsonValueKind.Object) throw AcmeErrors.Malformed("The jwk is not a JSON object.");
        var type = FindText(jwk, "kty") ?? throw AcmeErrors.BadKey("The jwk has no kty.");
        // RFC 7517 4.2, 4.3: what a key is meant for has to include verifying signatures.
        if (FindText(jwk, "use") is { } use && use != "sig") throw AcmeErrors.BadKey("The jwk is not meant for signatures (use).");
        if (jwk.TryGetProperty("key_ops", out var operations) && !AllowsVerifying(operations)) throw AcmeErrors.BadKey("The jwk is not meant for verifying signatures (key_ops).");
        // Whoever sends a private key has published it.
        if (jwk.TryGetProperty("d", out _) || jwk.TryGetProperty("k", out _)) throw AcmeErrors.BadKey("The jwk holds a private or secret key. It has been seen in transit now: make a new one.");
        return type switch
        {
            "EC" => ReadEc(jwk),
            "RSA" => ReadRsa(jwk),
            _ => throw AcmeErrors.BadKey("The jwk has a kty that is not taken here: use EC or RSA."),
        };
    }

    /// <summary>RFC 7518 6.2.1: both coordinates have the full length of the curve's field.</summary>
    private static AcmeJwk ReadEc(JsonElement jwk)
    {
        var (curve, length) = FindText(jwk, "crv") switch
        {
            "P-256" => ("P-256", 32),
            "P-384" => ("P-384", 48),
            "P-521" => ("P-521", 66),
            _ => throw AcmeErrors.BadKey("The jwk has a crv that is not taken here: use P-256, P-384 or P-521."),
        };
        var (x, y) = (GetBytes(jwk, "x"), GetBytes(jwk, "y"));
        if (x.Length != length || y.Length != length) throw AcmeErrors.BadKey($"The coordinates of a {curve} key have {length} octets each.");
        return AcmeJwk.OfEc(curve, x, y);
    }

    /// <summary>RFC 7518 6.3.1: unsigned, without octets of zero in front.</summary>
    private static AcmeJwk ReadRsa(JsonElement jwk)
    {
        var (n, e) = (GetBytes(jwk, "n"), GetBytes(jwk, "e"));
        if (n is [] or [0, ..] || e is [] or [0, ..]) throw AcmeErrors.BadKey("The numbers of an RSA jwk are written without zeros in front.");
        if (n.Length < MinRsaOctets) throw AcmeErrors.BadKey($"The RSA key is too small: at least {MinRsaOctets * 8} bits are needed.");
        if (n.Length > MaxRsaOctets) throw AcmeErrors.BadKey($"The RSA key is too large: at most {MaxRsaOctets * 8} bits are taken.");
        if (e.Length > 4 || (e[^1] & 1) == 0 || e is [1]) throw AcmeErrors.BadKey("The RSA key's public exponent is not one that is taken here: use 65537.");
        return AcmeJwk.OfRsa(n, e);
    }

    private static byte[] GetBytes(JsonElement jwk, string member) =>
        FindText(jwk, member) is { } text && StrictBase64Url.TryDecode(System.Text.Encoding.UTF8.GetBytes(text), out var bytes)
            ? bytes : throw AcmeErrors.BadKey($"The jwk's member {member} is missing or not base64url without padding.");

    private static bool AllowsVerifying(JsonElement operations) =>
        operations.ValueKind is JsonValueKind.Array && operations.EnumerateArray().Any(operation => operation.ValueKind is JsonValueKind.String && operation.GetString() == "verify");

    private static string? FindText(JsonElement jwk, string member) =>
        jwk.TryGetProperty(member, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
