using StarPortal.Core.Acme;

namespace StarPortal.Core.Delegation;

/// <summary>Where the TXT record of dns-01 has to be (RFC 8555 8.4): owners may point <c>_acme-challenge</c> into another zone by a CNAME.</summary>
public sealed class ChallengeRecord(DnsResolver resolver)
{
    private const string Prefix = "_acme-challenge.";

    /// <returns>The name that the record is set at: where aliases end, which need not exist yet.</returns>
    /// <exception cref="ChallengeFailedException">Not a name that DNS can tell of.</exception>
    public async Task<DnsName> FindAsync(AcmeIdentifier identifier, CancellationToken ct)
    {
        if (identifier.Type is not AcmeIdentifierType.Dns) throw new ChallengeFailedException($"{identifier.Value} is an address, which dns-01 is not for (RFC 8738 7).", mayPass: false);
        var name = NameOf(identifier.WithoutWildcard().Value);
        var answer = await resolver.AskAsync(name, DnsRecordType.Text, ct);
        return answer.Kind switch
        {
            DnsAnswerKind.Found or DnsAnswerKind.NoRecords or DnsAnswerKind.NoSuchName => answer.Name,
            DnsAnswerKind.Failed => throw new ChallengeFailedException($"Where the TXT record of {name} has to be can't be looked up: {answer.Trouble}.", mayPass: true),
        };
    }

    private static DnsName NameOf(string name)
    {
        try
        {
            return DnsName.Parse(Prefix + name);
        }
        catch (DnsFormatException error)
        {
            throw new ChallengeFailedException($"{Prefix}{name} is not a domain name: {error.Message}", mayPass: false, error);
        }
    }
}
