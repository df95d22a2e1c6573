using System.ComponentModel.DataAnnotations;

namespace StarPortal.Core.Acme;

/// <summary>Section <c>Acme:Dns</c>: how patiently the resolver asks. Which servers it asks is <c>Acme:DnsServers</c>.</summary>
public sealed class DnsResolverOptions
{
    /// <summary>How long one server has for one answer, TCP included.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:00:30")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often the list of servers is gone through.</summary>
    [Range(1, 5)]
    public int Rounds { get; set; } = 2;

    /// <summary>How many aliases (CNAME) are followed from one name.</summary>
    [Range(0, 20)]
    public int MaxAliases { get; set; } = 10;
}
