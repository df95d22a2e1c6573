using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace StarPortal.Core.MyProxy;

/// <summary>
/// Who asks: the header <c>StarPortal-Mirror</c>, <c>v1 NAME SECONDS NONCE SIGNATURE</c>. The signature is over the name, the instant, the nonce, the path and the body; the answer's header
/// is a signature over the nonce and the answer.
/// </summary>
/// <param name="Source">The name that the portal which asks gives itself.</param>
/// <param name="Time">Unix seconds.</param>
/// <param name="Nonce">128 random bits.</param>
internal sealed record MirrorProof(string Source, long Time, Guid Nonce, string Signature)
{
    public const string Header = "StarPortal-Mirror";

    private const string Version = "v1";
    private const int MaxHeader = 300;
    private const int NonceSize = 16;
    private const int SignatureLength = 64;

    public static MirrorProof Make(MirrorSecret secret, string source, string path, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var proof = new MirrorProof(source, now.ToUnixTimeSeconds(), Shared.SecureTokens.NewId(), "");
        return proof with { Signature = secret.SignQuestion(proof.TextOf(path, body)) };
    }

    /// <returns>Null: it is none.</returns>
    public static MirrorProof? Parse(string? header)
    {
        if (header is not { Length: <= MaxHeader } || header.Split(' ') is not [Version, { Length: > 0 } source, var seconds, var nonce, { Length: SignatureLength } signature]) return null;
        if (!long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var time) || !Base64Url.IsValid(nonce, out var size) || size != NonceSize) return null;
        return new MirrorProof(source, time, new Guid(Base64Url.DecodeFromChars(nonce)), signature);
    }

    public override string ToString() => $"{Version} {Source} {Time.ToString(CultureInfo.InvariantCulture)} {Base64Url.EncodeToString(Nonce.ToByteArray())} {Signature}";

    /// <summary>Whether the secret's holder said this, whenever.</summary>
    public bool IsOf(MirrorSecret secret, string path, ReadOnlySpan<byte> body) => Same(secret.SignQuestion(TextOf(path, body)), Signature);

    /// <summary>What the one who is asked signs the answer with.</summary>
    public string Answer(MirrorSecret secret, ReadOnlySpan<byte> body) => secret.SignAnswer($"{Version}\n{Nonce:N}\n{HashOf(body)}");

    public bool IsAnsweredBy(MirrorSecret secret, string? header, ReadOnlySpan<byte> body) => header is { Length: SignatureLength } && Same(Answer(secret, body), header);

    private string TextOf(string path, ReadOnlySpan<byte> body) => $"{Version}\n{Source}\n{Time.ToString(CultureInfo.InvariantCulture)}\n{Nonce:N}\n{path}\n{HashOf(body)}";

    private static string HashOf(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body));

    private static bool Same(string expected, string given) => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.UTF8.GetBytes(given));
}
