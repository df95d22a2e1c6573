using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace StarPortal.Core.Acme;

/// <summary>What dns-01 and dns-account-01 have in common: the digest of the key authorization in a TXT record, at different names.</summary>
public sealed class TextChallenge(DnsResolver resolver)
{
    /// <summary>SHA-256 in base64url.</summary>
    private const int DigestLength = 43;

    /// <summary>What the TXT record has to hold (RFC 8555 8.4).</summary>
    public static string ExpectedFor(string keyAuthorization) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(keyAuthorization)));

    internal async Task<string> ValidateAsync(string prefix, ValidationTask task, ValidationTrace trace, CancellationToken ct)
    {
        // RFC 8738 7: MUST NOT be used for addresses.
        if (task.Identifier.Type is not AcmeIdentifierType.Dns) throw new ValidationFailedException(AcmeProblemType.Malformed, "An IP address cannot be validated by DNS.");
        var name = NameFor(prefix, task.Identifier.WithoutWildcard().Value);
        var answer = await resolver.AskAsync(name, DnsRecordType.Text, ct);
        var alias = answer.Name == name ? "" : $" (an alias of {answer.Name})";
        var expected = ExpectedFor(task.KeyAuthorization);
        string[] texts = [.. answer.All<TextRecord>().Select(record => record.Text)];
        trace.Add($"TXT {name}{alias}: {Describe(answer, texts.Length)}");

        if (texts.Contains(expected, StringComparer.Ordinal)) return $"A TXT record of {name}{alias} holds the digest of the key authorization.";
        throw new ValidationFailedException(
            answer.Kind is DnsAnswerKind.Found ? AcmeProblemType.IncorrectResponse : AcmeProblemType.Dns,
            $"The TXT records of {name}{alias} were asked for: {Describe(answer, texts.Length)}{Others(texts)}. {Advice(answer.Kind, expected)}");
    }

    private static DnsName NameFor(string prefix, string name)
    {
        try
        {
            return DnsName.Parse($"{prefix}.{name}");
        }
        catch (DnsFormatException exception)
        {
            throw new ValidationFailedException(AcmeProblemType.Dns, $"{prefix}.{name} is not a domain name: {exception.Message}");
        }
    }

    private static string Describe(DnsAnswer answer, int records) => answer.Kind switch
    {
        DnsAnswerKind.Found => records == 1 ? "there is one" : $"there are {records}",
        DnsAnswerKind.NoRecords => "there is none",
        DnsAnswerKind.NoSuchName => "the name does not exist (NXDOMAIN)",
        DnsAnswerKind.Failed => answer.Trouble,
    };

    /// <summary>Digests of other orders are worth showing, what else is in the DNS there is not ours to repeat.</summary>
    private static string Others(string[] texts)
    {
        string[] digests = [.. texts.Where(text => text.Length == DigestLength && Base64Url.IsValid(text)).Take(3)];
        return digests.Length == 0 ? "" : $", with the digest of another key authorization ({string.Join(", ", digests)})";
    }

    private static string Advice(DnsAnswerKind kind, string expected) => kind is DnsAnswerKind.Failed
        ? "Check the name's DNS servers, then try again."
        : $"One has to hold {expected}; a new record may take a while to reach all DNS servers.";
}
