using System.Buffers.Binary;
using System.Security.Cryptography;
using StarPortal.Core.Acme;

namespace StarPortal.Core.Delegation;

/// <summary>Transaction signatures (RFC 8945): a MAC over the message, the key's name, the time, and in answers over the question's MAC.</summary>
internal static class Tsig
{
    /// <summary>RFC 8945 10: how far clocks may be apart, in seconds.</summary>
    private const int Fudge = 300;

    private const int AdditionalCount = 10;

    /// <param name="message">Whole, without a signature.</param>
    /// <param name="mac">What the answer is bound to.</param>
    public static byte[] Sign(byte[] message, TsigKey key, DateTimeOffset now, out byte[] mac)
    {
        var time = now.ToUnixTimeSeconds();
        mac = key.Mac([.. message, .. Variables(key, time, Fudge, error: 0, [])]);
        var data = new DnsWriter().Name(key.AlgorithmName).U48(time).U16(Fudge).U16(mac.Length).Raw(mac).Raw(message.AsSpan(0, 2)).U16(0).U16(0).ToArray();
        var signed = new DnsWriter().Raw(message).Name(key.Name).U16(TsigRecord.Type).U16(255).U32(0).U16(data.Length).Raw(data).ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(signed.AsSpan(AdditionalCount), (ushort)(BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(AdditionalCount)) + 1));
        return signed;
    }

    /// <summary>5.4: whether the answer is of who has the key, to this question, and now.</summary>
    /// <param name="questionMac">Of <see cref="Sign"/>.</param>
    /// <returns>What is wrong, as the end of the sentence "the answer …"; null: nothing.</returns>
    /// <exception cref="DnsFormatException">Not a message.</exception>
    public static string? FindProblem(ReadOnlySpan<byte> answer, TsigKey key, byte[] questionMac, DateTimeOffset now)
    {
        if (TsigRecord.Find(answer) is not { } signature) return "is not signed";
        if (signature.Error is not 0) return DescribeError(signature.Error, key);
        if (signature.Key != key.Name || signature.Algorithm != key.AlgorithmName) return "is signed with another key";
        if (!CryptographicOperations.FixedTimeEquals(MacOf(answer, signature, key, questionMac), signature.Mac)) return "has a signature that is wrong";
        return Math.Abs(now.ToUnixTimeSeconds() - signature.TimeSigned) > signature.Fudge ? "is signed at a time that is far from this server's" : null;
    }

    /// <summary>4.3: the question's MAC with its length, the message as it was before it was signed, and the variables.</summary>
    private static byte[] MacOf(ReadOnlySpan<byte> answer, TsigRecord signature, TsigKey key, byte[] questionMac)
    {
        var unsigned = answer[..signature.Start].ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(unsigned, (ushort)signature.OriginalId);
        BinaryPrimitives.WriteUInt16BigEndian(unsigned.AsSpan(AdditionalCount), (ushort)(BinaryPrimitives.ReadUInt16BigEndian(unsigned.AsSpan(AdditionalCount)) - 1));
        return key.Mac(new DnsWriter().U16(questionMac.Length).Raw(questionMac).Raw(unsigned).Raw(Variables(key, signature.TimeSigned, signature.Fudge, signature.Error, signature.Other)).ToArray());
    }

    /// <summary>4.3.3.</summary>
    private static byte[] Variables(TsigKey key, long time, int fudge, int error, byte[] other) =>
        new DnsWriter().Name(key.Name).U16(255).U32(0).Name(key.AlgorithmName).U48(time).U16(fudge).U16(error).U16(other.Length).Raw(other).ToArray();

    /// <summary>3: codes of the wire, any other is possible.</summary>
    private static string DescribeError(int error, TsigKey key) => error switch
    {
        16 => $"says that the signature by {key} is wrong (BADSIG): check the secret",
        17 => $"says that the server does not know {key} (BADKEY): check name and algorithm",
        18 => "says that its clock and this server's are too far apart (BADTIME)",
        _ => $"says that the signature is wrong with code {error}",
    };
}
