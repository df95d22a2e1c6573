using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace StarPortal.Core.Delegation;

/// <summary>Writes the flattened JWS of RFC 8555 6.2. All headers are protected.</summary>
internal static class UpstreamJws
{
    /// <summary>A request of an account (kid), or of a key that has none yet (jwk).</summary>
    /// <param name="account">Its URL; null: by the key itself.</param>
    /// <param name="nonce">Null for the inner JWS of a key change.</param>
    /// <param name="payload">Empty: POST-as-GET (6.3).</param>
    public static byte[] Sign(UpstreamKey key, Uri? account, string? nonce, Uri url, ReadOnlySpan<byte> payload) => Write(
        header =>
        {
            header.WriteString("alg", "ES256");
            if (account is null) WriteRaw(header, "jwk", key.PublicKey.Json);
            else header.WriteString("kid", account.OriginalString);
            if (nonce is not null) header.WriteString("nonce", nonce);
            header.WriteString("url", url.OriginalString);
        },
        payload, key.Sign);

    /// <summary>RFC 8555 7.3.4: the account's key, under the MAC key that the CA gave.</summary>
    public static byte[] Bind(UpstreamKey key, UpstreamBinding binding, Uri newAccount) => Write(
        header =>
        {
            header.WriteString("alg", "HS256");
            header.WriteString("kid", binding.KeyId);
            header.WriteString("url", newAccount.OriginalString);
        },
        Encoding.ASCII.GetBytes(key.PublicKey.Json), content => HMACSHA256.HashData(binding.MacKey, content));

    /// <summary>JSON by the writer, without reflection.</summary>
    public static byte[] Json(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static void WriteRaw(Utf8JsonWriter json, string name, string value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(value);
    }

    private delegate byte[] Signer(ReadOnlySpan<byte> content);

    private static byte[] Write(Action<Utf8JsonWriter> header, ReadOnlySpan<byte> payload, Signer sign)
    {
        var (protectedHeader, content) = (Base64Url.EncodeToString(Json(header)), Base64Url.EncodeToString(payload));
        var signature = Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes($"{protectedHeader}.{content}")));
        return Json(jws =>
        {
            jws.WriteString("protected", protectedHeader);
            jws.WriteString("payload", content);
            jws.WriteString("signature", signature);
        });
    }
}
