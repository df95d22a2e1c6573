using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Acme;

/// <summary>
/// CAA (RFC 8659): climbs from the name up to the top-level domain and obeys the first set of records found. A look-up that fails forbids:
/// silence must not be a way round the owner's records.
/// </summary>
public sealed class CaaChecker(DnsResolver resolver, IOptions<AcmeOptions> acme, IOptions<PortalOptions> portal) : ICaaChecker
{
    /// <summary>Most names have no records, so that all above them are asked for anyway: nearly all of them have no more than these.</summary>
    private const int AskedTogether = 4;

    public async Task<ValidationOutcome> CheckAsync(AcmeIdentifier identifier, bool isWildcard, string accountUrl, string validationMethod, CancellationToken ct)
    {
        if (!acme.Value.Validation.CheckCaa) return ValidationOutcome.Valid("CAA records are not checked on this server.");
        if (identifier.Type is AcmeIdentifierType.Ip) return ValidationOutcome.Valid("Addresses have no CAA records.");
        var policy = new CaaPolicy(Identities, isWildcard, accountUrl, validationMethod);
        return await ValidationRun.RunAsync(acme.Value.Validation.Timeout, (trace, bound) => CheckAsync(identifier, policy, trace, bound), ct);
    }

    /// <summary>What the directory shows as <c>caaIdentities</c>, or the portal's host when nothing is configured.</summary>
    public IReadOnlyCollection<string> Identities => acme.Value.CaaIdentities is { Length: > 0 } configured ? [.. configured] : [portal.Value.BaseUrl.IdnHost];

    private async Task<string> CheckAsync(AcmeIdentifier identifier, CaaPolicy policy, ValidationTrace trace, CancellationToken ct)
    {
        var name = DnsName.Parse(identifier.WithoutWildcard().Value);

        // RFC 6761 6.3: never asked of a DNS server.
        if (name.Text is "localhost" || name.Text.EndsWith(".localhost", StringComparison.Ordinal)) return $"{name} is this machine: no CAA records.";

        await foreach (var (domain, answer) in ClimbAsync(name, ct))
        {
            trace.Add($"CAA {domain}: {Describe(answer)}");
            if (answer.Kind is DnsAnswerKind.Failed)
                throw new ValidationFailedException(AcmeProblemType.Dns, $"The CAA records of {domain} could not be looked up: {answer.Trouble}. Without them no certificate is issued for {name}; check the name's DNS servers, then try again.");
            if (answer.Kind is not DnsAnswerKind.Found) continue;

            return policy.FindObjection([.. answer.All<CaaRecord>()]) is { } objection
                ? throw new ValidationFailedException(AcmeProblemType.Caa, $"The CAA records of {domain} forbid this certificate for {(policy.IsWildcard ? "*." : "")}{name}: {objection}.")
                : $"The CAA records of {domain} allow it.";
        }

        return $"There are no CAA records for {name}.";
    }

    /// <summary>The name and those above it, with their records, from the bottom up.</summary>
    private async IAsyncEnumerable<(DnsName Domain, DnsAnswer Answer)> ClimbAsync(DnsName name, [EnumeratorCancellation] CancellationToken ct)
    {
        List<DnsName> domains = [];
        for (var domain = name; !domain.IsRoot; domain = domain.Parent) domains.Add(domain);
        foreach (var part in domains.Chunk(AskedTogether))
        {
            var answers = await resolver.AskAsync([.. part.Select(domain => new DnsQuestion(domain, DnsRecordType.CertificationAuthorityAuthorization))], ct);
            for (var i = 0; i < part.Length; i++) yield return (part[i], answers[i]);
        }
    }

    private static string Describe(DnsAnswer answer) => answer.Kind switch
    {
        DnsAnswerKind.Found => $"{answer.Records.Count} found",
        DnsAnswerKind.NoRecords => "none",
        DnsAnswerKind.NoSuchName => "no such name",
        DnsAnswerKind.Failed => answer.Trouble,
    };
}
