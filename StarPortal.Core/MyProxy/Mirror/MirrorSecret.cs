using System.Security.Cryptography;
using System.Text;

namespace StarPortal.Core.MyProxy;

/// <summary>What two portals share: 32 bytes, and a key for each purpose derived from them.</summary>
internal sealed class MirrorSecret(ReadOnlySpan<byte> secret)
{
    private const int KeySize = 32;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const int MaxFile = 1_000;

    private readonly byte[] questions = Derive(secret, "questions");
    private readonly byte[] answers = Derive(secret, "answers");
    private readonly byte[] envelopes = Derive(secret, "envelopes");
    private readonly byte[] digests = Derive(secret, "digests");

    /// <param name="path">Base64 or hex, in a file that others may not read.</param>
    /// <param name="problem">A sentence, when there is no such secret.</param>
    public static MirrorSecret? TryRead(string path, out string? problem)
    {
        try
        {
            problem = FindProblem(path);
            if (problem is not null) return null;
            if (Decode(File.ReadAllText(path).Trim()) is { } secret) return new MirrorSecret(secret);
            problem = $"{path} is not 32 bytes in base64 or hex. Make one with: openssl rand -base64 32";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problem = $"{path} can't be read.";
        }

        return null;
    }

    /// <returns>HMAC-SHA-256 in lower-case hex.</returns>
    public string SignQuestion(string text) => Mac(questions, Encoding.UTF8.GetBytes(text));

    /// <returns>As above.</returns>
    public string SignAnswer(string text) => Mac(answers, Encoding.UTF8.GetBytes(text));

    /// <summary>What a content is told by: nobody without the secret learns anything from it.</summary>
    public string DigestOf(ReadOnlySpan<byte> content) => Mac(digests, content);

    /// <summary>AES-256-GCM: nonce, tag, ciphertext.</summary>
    /// <param name="purpose">Authenticated with it.</param>
    public byte[] Seal(string purpose, ReadOnlySpan<byte> plain)
    {
        var envelope = new byte[NonceSize + TagSize + plain.Length];
        RandomNumberGenerator.Fill(envelope.AsSpan(0, NonceSize));
        using var cipher = new AesGcm(envelopes, TagSize);
        cipher.Encrypt(envelope.AsSpan(0, NonceSize), plain, envelope.AsSpan(NonceSize + TagSize), envelope.AsSpan(NonceSize, TagSize), Encoding.UTF8.GetBytes(purpose));
        return envelope;
    }

    /// <returns>Null: sealed under another secret or for another purpose, or damaged.</returns>
    public byte[]? TryOpen(string purpose, ReadOnlySpan<byte> envelope)
    {
        if (envelope.Length < NonceSize + TagSize) return null;
        var plain = new byte[envelope.Length - NonceSize - TagSize];
        using var cipher = new AesGcm(envelopes, TagSize);
        try
        {
            cipher.Decrypt(envelope[..NonceSize], envelope[(NonceSize + TagSize)..], envelope.Slice(NonceSize, TagSize), plain, Encoding.UTF8.GetBytes(purpose));
            return plain;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static string? FindProblem(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists) return $"{path} does not exist.";
        if (file.Length > MaxFile) return $"{path} is no secret: it is too long.";
        const UnixFileMode open = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite;
        return !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & open) is not UnixFileMode.None ? $"{path} can be read or written by others. Run: chmod 600 {path}" : null;
    }

    private static byte[]? Decode(string text)
    {
        if (text.Length == 2 * KeySize && text.All(char.IsAsciiHexDigit)) return Convert.FromHexString(text);
        var buffer = new byte[KeySize + 1];
        return Convert.TryFromBase64String(text, buffer, out var written) && written == KeySize ? buffer[..KeySize] : null;
    }

    private static byte[] Derive(ReadOnlySpan<byte> secret, string purpose)
    {
        var key = new byte[KeySize];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, key, salt: [], info: Encoding.UTF8.GetBytes($"StarPortal/mirror/{purpose}"));
        return key;
    }

    private static string Mac(byte[] key, ReadOnlySpan<byte> text) => Convert.ToHexStringLower(HMACSHA256.HashData(key, text));
}
