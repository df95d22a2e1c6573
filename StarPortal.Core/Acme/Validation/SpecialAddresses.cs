using System.Net;

namespace StarPortal.Core.Acme;

/// <summary>The registries of special-purpose addresses (RFC 6890, as IANA keeps them), but for those that are globally reachable.</summary>
internal static class SpecialAddresses
{
    private static readonly (IPNetwork Net, string Kind)[] Nets =
    [
        Of("0.0.0.0/8", "not an address of a host"),
        Of("10.0.0.0/8", "a private address"),
        Of("100.64.0.0/10", "a shared address of a carrier (RFC 6598)"),
        Of("127.0.0.0/8", "a loopback address"),
        Of("169.254.0.0/16", "a link-local address"),
        Of("172.16.0.0/12", "a private address"),
        Of("192.0.0.0/24", "an address for protocols (RFC 6890)"),
        Of("192.0.2.0/24", "an address for documentation"),
        Of("192.88.99.0/24", "a 6to4 relay"),
        Of("192.168.0.0/16", "a private address"),
        Of("198.18.0.0/15", "an address for benchmarks"),
        Of("198.51.100.0/24", "an address for documentation"),
        Of("203.0.113.0/24", "an address for documentation"),
        Of("224.0.0.0/4", "a multicast address"),
        Of("240.0.0.0/4", "a reserved address"),
        Of("::1/128", "a loopback address"),
        Of("::/96", "not an address of a host"),
        Of("::ffff:0:0:0/96", "an IPv4 address in disguise"),
        Of("64:ff9b:1::/48", "an address of a local translator"),
        Of("100::/64", "an address that leads nowhere (RFC 6666)"),
        Of("2001::/23", "an address for protocols (RFC 2928)"),
        Of("2001:db8::/32", "an address for documentation"),
        Of("2002::/16", "a 6to4 address"),
        Of("3fff::/20", "an address for documentation"),
        Of("5f00::/16", "a segment identifier (RFC 9602)"),
        Of("fc00::/7", "a private address (ULA)"),
        Of("fe80::/10", "a link-local address"),
        Of("fec0::/10", "a site-local address"),
        Of("ff00::/8", "a multicast address"),
    ];

    /// <summary>What kind of address it is, or null for one that any host on the Internet may have.</summary>
    public static string? Describe(IPAddress address)
    {
        // The framework's networks take a mapped address for the IPv4 address in it.
        if (address.IsIPv4MappedToIPv6) return "an IPv4 address in disguise";
        foreach (var (net, kind) in Nets)
        {
            if (net.Contains(address)) return kind;
        }

        return null;
    }

    private static (IPNetwork Net, string Kind) Of(string net, string kind) => (IPNetwork.Parse(net), kind);
}
