using System.Buffers.Binary;
using System.Security.Cryptography;

namespace StarPortal.Core.Acme;

/// <summary>How orders and authorizations are written into their rows.</summary>
internal static class AcmeOrderText
{
    /// <summary>
    /// 48 bits of time and 80 random ones: rows of one hour lie together, so that a large table costs as little as a small one. Ids are no
    /// secrets: every door that takes one asks whose it is.
    /// </summary>
    public static Guid NewId(DateTimeOffset now)
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)(now.ToUnixTimeMilliseconds() >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(bytes[2..], (uint)now.ToUnixTimeMilliseconds());
        return new Guid(bytes, bigEndian: true);
    }

    public static AcmeIdentifier ReadIdentifier(string text) => text.StartsWith("ip:", StringComparison.Ordinal) ? AcmeIdentifier.Ip(text[3..]) : AcmeIdentifier.Dns(text[4..]);
}
