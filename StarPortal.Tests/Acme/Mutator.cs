namespace StarPortal.Tests.Acme;

/// <summary>Damages bytes in the ways that break parsers, the same way at each run: xorshift, so that a seed tells all.</summary>
public sealed class Mutator(ulong seed)
{
    private static readonly byte[][] Pieces =
    [
        "\""u8.ToArray(), "{"u8.ToArray(), "}"u8.ToArray(), "["u8.ToArray(), "]"u8.ToArray(), ","u8.ToArray(), ":"u8.ToArray(), "\\u0000"u8.ToArray(), "\\ud800"u8.ToArray(), "null"u8.ToArray(),
        "1e999"u8.ToArray(), "-0"u8.ToArray(), "99999999999999999999"u8.ToArray(), "="u8.ToArray(), "\n"u8.ToArray(), [0], [0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xef, 0xbb, 0xbf], "\u202e"u8.ToArray(), "."u8.ToArray(), "//"u8.ToArray(),
        [.. Enumerable.Repeat((byte)'[', 100)], [.. Enumerable.Repeat((byte)'A', 300)],
    ];

    private ulong state = (seed * 2654435761) + 88172645463325252;

    /// <summary>The next input is passed on as it is.</summary>
    public bool SkipNext { get; set; }

    public int Next(int below)
    {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return (int)(state % (ulong)below);
    }

    public byte[] Mutate(byte[] input)
    {
        if (SkipNext)
        {
            SkipNext = false;
            return input;
        }

        var bytes = new List<byte>(input);
        for (var times = 1 + Next(4); times > 0; times--) MutateOnce(bytes);
        return [.. bytes];
    }

    private void MutateOnce(List<byte> bytes)
    {
        var at = Next(bytes.Count + 1);
        var length = Math.Min(1 + Next(12), bytes.Count - at);
        switch (Next(7))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = (byte)Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 4:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 5 when length > 0:
                bytes.InsertRange(Next(bytes.Count + 1), bytes.GetRange(at, length));
                break;
            default:
                bytes.InsertRange(at, Pieces[Next(Pieces.Length)]);
                break;
        }
    }
}
