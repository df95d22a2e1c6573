using System.Security.Cryptography;
using System.Text;

namespace StarPortal.Core.Acme;

/// <summary>
/// dns-account-01 (draft-ietf-acme-dns-account-label): as dns-01, at a label of the account, so that several of them, or several CAs, can
/// each have their record or alias.
/// </summary>
public sealed class DnsAccount01Validator(TextChallenge challenge, ValidationSlots slots) : IChallengeValidator
{
    private const string Base32 = "abcdefghijklmnopqrstuvwxyz234567";

    public ChallengeType Type => ChallengeType.DnsAccount01;

    public Task<ValidationOutcome> ValidateAsync(ValidationTask task, CancellationToken ct) =>
        slots.RunAsync((trace, bound) => challenge.ValidateAsync($"{LabelOf(task.AccountUrl)}._acme-challenge", task, trace, bound), ct);

    /// <summary>An underscore and the first ten octets of the SHA-256 of the account's URL in base32, lower case: 17 characters.</summary>
    public static string LabelOf(string accountUrl)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(accountUrl));
        var label = new StringBuilder("_", 17);
        for (var bit = 0; bit < 80; bit += 5) label.Append(Base32[FiveBits(digest, bit)]);
        return label.ToString();
    }

    private static int FiveBits(byte[] octets, int bit) => (((octets[bit / 8] << 8) | octets[(bit / 8) + 1]) >> (11 - (bit % 8))) & 31;
}
