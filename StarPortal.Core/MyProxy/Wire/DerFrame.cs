namespace StarPortal.Core.MyProxy;

/// <summary>How long a DER value is, from its first bytes (X.690 8.1.3): the only frame that a request or certificate has on the wire.</summary>
internal static class DerFrame
{
    /// <summary>A tag, a length's length and four bytes of length at most.</summary>
    public const int MaxHeaderLength = 6;

    private const byte Sequence = 0x30;

    /// <param name="length">Of header and content together.</param>
    /// <returns>Null: more bytes are needed to tell; false: it is no SEQUENCE of a definite, minimally written length.</returns>
    public static bool? TryMeasure(ReadOnlySpan<byte> start, out long length)
    {
        length = 0;
        if (start.Length < 2) return start is [] or [Sequence] ? null : false;
        if (start[0] != Sequence) return false;
        if (start[1] < 0x80)
        {
            length = 2 + start[1];
            return true;
        }

        var count = start[1] - 0x80;
        if (count is 0 or > MaxHeaderLength - 2) return false;
        if (start.Length < 2 + count) return null;
        foreach (var part in start.Slice(2, count)) length = (length << 8) | part;
        if (start[2] == 0 || length < 0x80) return false;
        length += 2 + count;
        return true;
    }
}
