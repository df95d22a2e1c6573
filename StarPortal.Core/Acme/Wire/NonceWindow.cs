using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace StarPortal.Core.Acme;

/// <summary>
/// Nonces of this process: a counter with a MAC under a key that nobody else has, and one bit for each that was used. No I/O and a fixed amount of memory;
/// lock-free. A nonce is good until as many others were issued as the window has places, or the process ends.
/// </summary>
internal sealed class NonceWindow
{
    /// <summary>Characters of a nonce in base64url.</summary>
    public const int Length = 32;

    private const int CounterOctets = 8;
    private const int MacOctets = 16;

    private readonly byte[] key = RandomNumberGenerator.GetBytes(32);
    private readonly int[] used;
    private readonly long size;
    private long issued;

    /// <param name="places">A multiple of 32. The default takes 1 MiB and lasts a quarter of an hour at ten thousand requests a second.</param>
    public NonceWindow(int places = 8 * 1024 * 1024) => (size, used) = (places, new int[places / 32]);

    public string Issue()
    {
        var number = Interlocked.Increment(ref issued);
        var (word, bit) = PlaceOf(number);
        Interlocked.And(ref used[word], ~bit);
        Span<byte> nonce = stackalloc byte[CounterOctets + MacOctets];
        BinaryPrimitives.WriteInt64BigEndian(nonce, number);
        Mac(nonce[..CounterOctets], nonce[CounterOctets..]);
        return Base64Url.EncodeToString(nonce);
    }

    /// <returns>Whether it was issued here, is in the window and had not been used; it is used from now on.</returns>
    public bool Redeem(ReadOnlySpan<byte> nonce)
    {
        if (nonce.Length != CounterOctets + MacOctets) return false;
        Span<byte> mac = stackalloc byte[MacOctets];
        Mac(nonce[..CounterOctets], mac);
        if (!CryptographicOperations.FixedTimeEquals(mac, nonce[CounterOctets..])) return false;

        var number = BinaryPrimitives.ReadInt64BigEndian(nonce);
        if (!IsInWindow(number)) return false;
        var (word, bit) = PlaceOf(number);
        var wasUsed = (Interlocked.Or(ref used[word], bit) & bit) != 0;
        // The place may have been given to a later number in between, and its bit cleared.
        return !wasUsed && IsInWindow(number);
    }

    private bool IsInWindow(long number) => Interlocked.Read(ref issued) - number < size;

    private (int Word, int Bit) PlaceOf(long number)
    {
        var place = (int)(number % size);
        return (place / 32, 1 << (place % 32));
    }

    private void Mac(ReadOnlySpan<byte> number, Span<byte> mac)
    {
        Span<byte> full = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, number, full);
        full[..mac.Length].CopyTo(mac);
    }
}
