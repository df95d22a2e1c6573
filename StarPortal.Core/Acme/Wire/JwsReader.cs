using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace StarPortal.Core.Acme;

/// <summary>
/// Reads the body of a request by RFC 8555 6.2: one signature, flattened, no unprotected header, no detached or unencoded payload, no critical extensions,
/// no member twice. Pure, and hot: no text is made of what is only passed on.
/// </summary>
public static class JwsReader
{
    /// <summary>Octets of a body: a hundred identifiers, or a signing request for RSA 8192 with a hundred names, stay well below.</summary>
    public const int MaxLength = 64 * 1024;

    private const int MaxMembers = 32;

    private static readonly JsonReaderOptions Strict = new() { MaxDepth = AcmeJson.MaxDepth };

    /// <exception cref="AcmeException">malformed.</exception>
    public static Jws Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            return ReadFlattened(json);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw AcmeErrors.Malformed("The request is not a JWS in the Flattened JSON Serialization: it is not JSON, or nests too deeply.");
        }
    }

    private static Jws ReadFlattened(ReadOnlyMemory<byte> json)
    {
        if (!Utf8.IsValid(json.Span)) throw AcmeErrors.Malformed("The request is not UTF-8.");
        ReadOnlyMemory<byte>? header = null, payload = null, signature = null;
        var reader = new Utf8JsonReader(json.Span, Strict);
        var seen = new SeenMembers();
        RequireObject(ref reader);
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("protected"u8)) header = Once(header, ReadText(ref reader, json));
            else if (reader.ValueTextEquals("payload"u8)) payload = Once(payload, ReadText(ref reader, json));
            else if (reader.ValueTextEquals("signature"u8)) signature = Once(signature, ReadText(ref reader, json));
            else if (reader.ValueTextEquals("header"u8)) throw AcmeErrors.Malformed("A JWS with an unprotected header is not taken.");
            else if (reader.ValueTextEquals("signatures"u8)) throw AcmeErrors.Malformed("A JWS has one signature here, in the Flattened JSON Serialization.");
            else seen.Skip(ref reader);
        }

        RequireEnd(ref reader);
        if (header is not { IsEmpty: false } protectedText || payload is not { } payloadText || signature is not { IsEmpty: false } signatureText)
            throw AcmeErrors.Malformed("A JWS has the members protected, payload and signature, each a text.");
        return new Jws
        {
            Header = ReadHeader(Decode(protectedText, "protected header")),
            Payload = DecodePayload(payloadText),
            Signature = Decode(signatureText, "signature"),
            SigningInput = Join(protectedText.Span, payloadText.Span),
        };
    }

    private static JwsHeader ReadHeader(ReadOnlyMemory<byte> json)
    {
        if (!Utf8.IsValid(json.Span)) throw AcmeErrors.Malformed("The protected header is not UTF-8.");
        string? algorithm = null, nonce = null, url = null, keyId = null;
        ReadOnlyMemory<byte>? jwk = null;
        var reader = new Utf8JsonReader(json.Span, Strict);
        var seen = new SeenMembers();
        RequireObject(ref reader);
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("alg"u8)) algorithm = Once(algorithm, ReadString(ref reader));
            else if (reader.ValueTextEquals("nonce"u8)) nonce = Once(nonce, ReadString(ref reader));
            else if (reader.ValueTextEquals("url"u8)) url = Once(url, ReadString(ref reader));
            else if (reader.ValueTextEquals("kid"u8)) keyId = Once(keyId, ReadString(ref reader));
            else if (reader.ValueTextEquals("jwk"u8)) jwk = Once(jwk, ReadValue(ref reader, json));
            // RFC 7515 4.1.11: extensions that have to be understood, of which we understand none. RFC 8555 6.2: no unencoded payload (RFC 7797).
            else if (reader.ValueTextEquals("crit"u8)) throw AcmeErrors.Malformed("The protected header has critical extensions (crit), none of which is known here.");
            else if (reader.ValueTextEquals("b64"u8)) throw AcmeErrors.Malformed("The unencoded payload option (b64) is not taken.");
            else seen.Skip(ref reader);
        }

        RequireEnd(ref reader);
        return new JwsHeader(algorithm, nonce, url, keyId, jwk);
    }

    private static void RequireObject(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject) throw new JsonException();
    }

    /// <summary>Nothing may follow: the reader itself throws at anything but white space.</summary>
    private static void RequireEnd(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not JsonTokenType.EndObject || reader.Read()) throw new JsonException();
    }

    private static string ReadString(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType is not JsonTokenType.String) throw AcmeErrors.Malformed("A member of the protected header has another type than it should have.");
        return reader.GetString()!;
    }

    /// <summary>The characters of a text, as they lie in the body.</summary>
    private static ReadOnlyMemory<byte> ReadText(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        if (!reader.Read() || reader.TokenType is not JsonTokenType.String) throw AcmeErrors.Malformed("The members protected, payload and signature of a JWS are texts.");
        return reader.ValueIsEscaped ? Encoding.UTF8.GetBytes(reader.GetString()!) : json.Slice((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
    }

    private static ReadOnlyMemory<byte> ReadValue(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return json[start..(int)reader.BytesConsumed];
    }

    private static ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> text, string what) =>
        StrictBase64Url.TryDecode(text.Span, out var bytes) ? bytes : throw AcmeErrors.Malformed($"The {what} is not base64url without padding (RFC 8555 6.1).");

    private static ReadOnlyMemory<byte> DecodePayload(ReadOnlyMemory<byte> text)
    {
        var payload = Decode(text, "payload");
        return Utf8.IsValid(payload.Span) ? payload : throw AcmeErrors.Malformed("The payload is not UTF-8.");
    }

    private static byte[] Join(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        var joined = new byte[header.Length + 1 + payload.Length];
        header.CopyTo(joined);
        joined[header.Length] = (byte)'.';
        payload.CopyTo(joined.AsSpan(header.Length + 1));
        return joined;
    }

    private static string Once(string? before, string now) => before is null ? now : throw Twice();

    private static ReadOnlyMemory<byte> Once(ReadOnlyMemory<byte>? before, ReadOnlyMemory<byte> now) => before is null ? now : throw Twice();

    private static AcmeException Twice() => AcmeErrors.Malformed("A member comes twice.");

    /// <summary>Names of the members that we pass over, to find those that come twice.</summary>
    private ref struct SeenMembers
    {
        private List<string>? others;

        public void Skip(ref Utf8JsonReader reader)
        {
            var name = reader.GetString()!;
            others ??= [];
            if (others.Count == MaxMembers) throw AcmeErrors.Malformed("A JWS has few members.");
            if (others.Contains(name, StringComparer.Ordinal)) throw Twice();
            others.Add(name);
            reader.Skip();
        }
    }
}
