namespace StarPortal.Tests.Delegation;

/// <summary>Tag, length, value, read by hand: nothing of .NET's reader, so that the two can be held against each other.</summary>
internal sealed record NaiveDer(byte Tag, byte[] Content)
{
    public IReadOnlyList<NaiveDer> Children => ReadAll(Content);

    /// <summary>An OID as its octets in hex.</summary>
    public string Hex => Convert.ToHexStringLower(Content);

    public static NaiveDer Read(byte[] encoded) => ReadAll(encoded)[0];

    private static List<NaiveDer> ReadAll(byte[] octets)
    {
        List<NaiveDer> all = [];
        for (var at = 0; at < octets.Length;)
        {
            var tag = octets[at++];
            int length = octets[at++];
            if (length >= 0x80)
            {
                var more = length & 0x7f;
                length = 0;
                for (; more > 0; more--) length = length * 256 + octets[at++];
            }

            all.Add(new(tag, octets[at..(at + length)]));
            at += length;
        }

        return all;
    }
}
