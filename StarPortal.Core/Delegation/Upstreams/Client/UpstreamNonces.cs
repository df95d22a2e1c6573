using System.Collections.Concurrent;

namespace StarPortal.Core.Delegation;

/// <summary>Nonces that answers brought and nobody used yet (RFC 8555 6.5); the latest first, since old ones may have run out.</summary>
internal sealed class UpstreamNonces
{
    private const int MostKept = 32;
    private const int MaxLength = 500;

    private readonly ConcurrentStack<string> fresh = [];

    /// <summary>Keeps it, if there is one.</summary>
    /// <exception cref="UpstreamException">Nonsense: not base64url (RFC 8555 6.5.1).</exception>
    public void Keep(string? nonce)
    {
        if (nonce is null) return;
        if (nonce.Length is 0 or > MaxLength || !nonce.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_')) throw UpstreamErrors.Nonsense("Replay-Nonce is not base64url.");
        if (fresh.Count < MostKept) fresh.Push(nonce);
    }

    public string? Take() => fresh.TryPop(out var nonce) ? nonce : null;

    /// <summary>One was refused: those of before are no better.</summary>
    public void Forget() => fresh.Clear();
}
