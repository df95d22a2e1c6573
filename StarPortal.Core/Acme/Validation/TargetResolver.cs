using System.Net;
using Microsoft.Extensions.Options;

namespace StarPortal.Core.Acme;

/// <summary>From a host, a name or an address, to the addresses that a validation may connect to.</summary>
public sealed class TargetResolver(DnsResolver resolver, AddressGuard guard, IOptions<AcmeOptions> options)
{
    /// <summary>RFC 6761 6.3: never asked of a DNS server; always the machine itself.</summary>
    private static readonly IPAddress[] OwnMachine = [IPAddress.IPv6Loopback, IPAddress.Loopback];

    /// <exception cref="ValidationFailedException">No address, or none that is permitted.</exception>
    internal async Task<PermittedTarget> ResolveAsync(string host, ValidationTrace trace, CancellationToken ct)
    {
        var found = IPAddress.TryParse(host, out var address) ? [address] : await LookUpAsync(host, trace, ct);
        List<string> objections = [];
        List<IPAddress> permitted = [];
        foreach (var candidate in found.Take(options.Value.Validation.MaxAddresses))
        {
            if (guard.FindObjection(candidate) is { } objection) objections.Add($"{candidate} {objection}");
            else permitted.Add(candidate);
        }

        foreach (var objection in objections) trace.Add(objection);
        return permitted.Count > 0
            ? new PermittedTarget(host, permitted)
            : throw new ValidationFailedException(AcmeProblemType.Connection,
                $"No connection to {Shown(host)} is permitted: {string.Join("; ", objections)}. An administrator can permit a network (Acme:AllowNets).");
    }

    private async Task<IReadOnlyList<IPAddress>> LookUpAsync(string host, ValidationTrace trace, CancellationToken ct)
    {
        if (host is "localhost" || host.EndsWith(".localhost", StringComparison.Ordinal)) return OwnMachine;
        var name = ParseName(host);
        var both = await resolver.AskAsync([new DnsQuestion(name, DnsRecordType.AddressV6), new DnsQuestion(name, DnsRecordType.Address)], ct);
        IPAddress[] v6 = [.. both[0].All<AddressRecord>().Select(record => record.Address)];
        IPAddress[] v4 = [.. both[1].All<AddressRecord>().Select(record => record.Address)];
        if (v6.Length + v4.Length == 0) throw NoAddress(host, both);

        IPAddress[] addresses = [.. Alternate(v6, v4)];
        trace.Add($"{Shown(host)} has the addresses {string.Join(", ", addresses.Take(options.Value.Validation.MaxAddresses))}");
        return addresses;
    }

    /// <summary>IPv6 first, and neither family crowds the other out of the few that are tried.</summary>
    private static IEnumerable<IPAddress> Alternate(IPAddress[] v6, IPAddress[] v4)
    {
        for (var i = 0; i < Math.Max(v6.Length, v4.Length); i++)
        {
            if (i < v6.Length) yield return v6[i];
            if (i < v4.Length) yield return v4[i];
        }
    }

    private static DnsName ParseName(string host)
    {
        try
        {
            return DnsName.Parse(host);
        }
        catch (DnsFormatException exception)
        {
            throw new ValidationFailedException(AcmeProblemType.Dns, $"{Shown(host)} is not a host name: {exception.Message}");
        }
    }

    private static ValidationFailedException NoAddress(string host, DnsAnswer[] answers)
    {
        if (Array.Find(answers, answer => answer.Kind is DnsAnswerKind.Failed) is { } failed)
            return new(AcmeProblemType.Dns, $"The addresses (A, AAAA) of {Shown(host)} could not be looked up: {failed.Trouble}. Check the name's DNS servers, then try again.");
        return Array.Exists(answers, answer => answer.Kind is DnsAnswerKind.NoSuchName)
            ? new(AcmeProblemType.Dns, $"DNS says that {Shown(host)} does not exist (NXDOMAIN). Publish an A or AAAA record for it, then try again.")
            : new(AcmeProblemType.Dns, $"DNS has no address for {Shown(host)}: neither an A nor an AAAA record. Publish one, then try again.");
    }

    private static string Shown(string host) => ValidationTrace.Quote(host, 253);
}
